import { memo, type ReactElement, type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "#/ui/cx";
import { IconMicrophoneSlash, IconPause } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { hue } from "#/ui/identity/hash";
import type { Member } from "../room/members";
import type { Watching } from "../room/receiving";
import type { CallRoom } from "../room/room";
import type { Named } from "./naming";
import styles from "./Tile.module.css";
import { Video } from "./Video";

type TileProps = {
  room: CallRoom;
  member: Member;
  named: Named;
  /** In CSS pixels. */
  width: number;
  height: number;
  /** In a strip: the given name, and a smaller tag. */
  small?: boolean;
};

const PICTURE = 132;

/** A face: the picture of whoever shows it, else their portrait on their hue. Their edge lights up while they speak. */
export const Tile = memo(function Tile({
  room,
  member,
  named,
  width,
  height,
  small,
}: TileProps): ReactElement {
  const { t } = useTranslation("meet");
  const { identity, person, self, camera } = member;
  const tile = useRef<HTMLLIElement>(null);
  useSpeaking(room, identity, tile);
  useWatching(room, !self && camera !== null ? identity : null, width, height);
  // A small one stays clear of the name beneath it.
  const portrait = Math.round(Math.min(PICTURE, width * 0.36, height * (small ? 0.48 : 0.56)));
  return (
    <li
      ref={tile}
      className={cx(styles.tile, small && styles.small)}
      style={{ width, height }}
      data-hue={hue(person)}
      data-away={!member.here || undefined}
      data-identity={identity}
    >
      {camera?.track ? (
        <Video track={camera.track} mirrored={self} paused={camera.paused} frozen={room.frozen} />
      ) : (
        <span className={styles.portrait}>
          <Avatar person={named.face} size={portrait} />
        </span>
      )}
      {camera?.paused && (
        <span className={styles.paused}>
          <IconPause size={small ? 22 : 28} />
          <span className={styles.word}>{t("tile.paused")}</span>
        </span>
      )}
      <span className={styles.tag}>
        {member.here && member.microphone !== "open" && (
          <IconMicrophoneSlash
            size={16}
            label={t(member.microphone === "none" ? "tile.noMicrophone" : "tile.muted")}
            className={styles.muted}
          />
        )}
        <span className={styles.bars} role="img" aria-label={t("tile.speaks")}>
          <span />
          <span />
          <span />
          <span />
        </span>
        <span className={styles.name}>{small ? named.short : named.name}</span>
        {!member.here && <span className={styles.coming}>{t("tile.coming")}</span>}
      </span>
    </li>
  );
});

/** Writes on the element itself whether somebody speaks: it changes often, and nothing else does with it. */
export function useSpeaking(room: CallRoom, identity: string, element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const show = (): void => {
      element.current?.toggleAttribute("data-speaking", room.speakers.speaking.get().includes(identity));
    };
    show();
    return room.speakers.speaking.subscribe(show);
  }, [room, identity, element]);
}

/** Tells the room that a camera is on screen, and how large; nothing for null. */
function useWatching(room: CallRoom, identity: string | null, width: number, height: number): void {
  const watching = useRef<Watching | null>(null);
  const size = useRef({ width: 0, height: 0 });
  size.current = { width: width * devicePixelRatio, height: height * devicePixelRatio };
  useEffect(() => {
    if (identity === null) return;
    watching.current = room.watch(identity, size.current);
    return () => {
      watching.current?.stop();
      watching.current = null;
    };
  }, [room, identity]);
  useEffect(() => {
    watching.current?.resize({ width: width * devicePixelRatio, height: height * devicePixelRatio });
  }, [width, height]);
}
