import {
  type ReactElement,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#/ui/control/IconButton";
import { cx } from "#/ui/cx";
import {
  IconCornersIn,
  IconCornersOut,
  IconMagnifyingGlassMinus,
  IconMagnifyingGlassPlus,
  IconScreencast,
} from "#/ui/icon";
import type { Picture } from "../room/members";
import type { CallRoom } from "../room/room";
import styles from "./SharedScreen.module.css";
import { Video } from "./Video";

const subscribeFull = (listener: () => void): (() => void) => {
  document.addEventListener("fullscreenchange", listener);
  return () => document.removeEventListener("fullscreenchange", listener);
};

/** A screen that somebody shares: whole, or at its own size to be moved under one's eyes; and over all of one's own. */
export function SharedScreen({
  room,
  picture,
  name,
  children,
}: {
  room: CallRoom;
  picture: Picture;
  /** Whose it is, in words. */
  name: string;
  /** At its top: which of several screens. */
  children?: ReactNode;
}): ReactElement {
  const { t } = useTranslation("meet");
  const frame = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const [large, setLarge] = useState(false);
  const full = useSyncExternalStore(
    subscribeFull,
    () => document.fullscreenElement === frame.current && !!frame.current,
  );
  useDragging(area, large);
  return (
    <div ref={frame} className={styles.frame}>
      {/* Scrolled by its arrows, so it takes the focus while there is something to scroll. */}
      <section
        ref={area}
        className={cx(styles.area, large && styles.large)}
        aria-label={large ? t("stage.screenArea") : name}
        tabIndex={large ? 0 : undefined}
      >
        {picture.track && <Video track={picture.track} paused={picture.paused} frozen={room.frozen} whole />}
      </section>
      {children}
      <span className={styles.tag}>
        <IconScreencast size={16} />
        <span className={styles.name}>{name}</span>
      </span>
      <span className={styles.buttons}>
        <IconButton
          icon={large ? IconMagnifyingGlassMinus : IconMagnifyingGlassPlus}
          label={t(large ? "stage.fit" : "stage.zoom")}
          side="top"
          className={styles.button ?? ""}
          onClick={() => setLarge(!large)}
        />
        {document.fullscreenEnabled && (
          <IconButton
            icon={full ? IconCornersIn : IconCornersOut}
            label={t(full ? "stage.leaveFull" : "stage.full")}
            side="top"
            className={styles.button ?? ""}
            onClick={() => {
              if (full) void document.exitFullscreen();
              // A browser may refuse; one then looks at it as before.
              else frame.current?.requestFullscreen().catch(() => undefined);
            }}
          />
        )}
      </span>
    </div>
  );
}

/** Moves what is larger than its place by dragging it with the mouse; fingers and arrow keys do so by themselves. */
function useDragging(area: RefObject<HTMLElement | null>, on: boolean): void {
  useEffect(() => {
    const element = area.current;
    if (!element || !on) return;
    element.scrollTo(
      (element.scrollWidth - element.clientWidth) / 2,
      (element.scrollHeight - element.clientHeight) / 2,
    );
    const away = new AbortController();
    const { signal } = away;
    element.addEventListener(
      "pointerdown",
      (event) => {
        if (event.pointerType !== "mouse" || event.button !== 0) return;
        element.setPointerCapture(event.pointerId);
      },
      { signal },
    );
    element.addEventListener(
      "pointermove",
      (event) => {
        if (element.hasPointerCapture(event.pointerId)) element.scrollBy(-event.movementX, -event.movementY);
      },
      { signal },
    );
    return () => away.abort();
  }, [area, on]);
}
