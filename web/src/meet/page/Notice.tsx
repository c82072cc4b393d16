import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "#/core/store";
import { useSpace } from "#/spaces/useSpaces";
import {
  type Icon,
  IconInfo,
  IconMicrophone,
  IconMicrophoneSlash,
  IconSpeakerSlash,
  IconVideoCameraSlash,
  IconWifiLow,
  IconWifiSlash,
} from "#/ui/icon";
import { useLate } from "#/ui/state/Skeleton";
import { own } from "../media/own";
import type { CallRoom, View } from "../room/room";
import styles from "./Notice.module.css";
import { turn } from "./useSource";

type Said = { icon: Icon; text: string; action?: { label: string; run: () => void } };

/** A short break is over before one has read of it. */
const QUIET_MS = 1_200;
/** A line that falters for a moment is no weak line. */
const WEAK_MS = 4_000;
/** Whoever comes in with others does not read that nobody is there. */
const ALONE_MS = 2_000;
/** How long a trouble with a device is news. */
const NEWS_MS = 20_000;
/** After this many attempts to come back, it is worth saying what stands in the way. */
const SAYS_WHY_FROM = 5;

/** What is not as it should be, in one line with its reason; the gravest, if there are several. */
export function Notice({
  room,
  view,
  talking,
}: {
  room: CallRoom;
  view: View;
  talking: boolean;
}): ReactElement {
  const said = useNotice(room, view, talking);
  return (
    <div className={styles.notice} role="status">
      {said && (
        <>
          <said.icon size={18} />
          <span className={styles.text}>{said.text}</span>
          {said.action && (
            <button type="button" className={styles.action} onClick={said.action.run}>
              {said.action.label}
            </button>
          )}
        </>
      )}
    </div>
  );
}

function useNotice(room: CallRoom, view: View, talking: boolean): Said | null {
  const { t } = useTranslation("meet");
  const blocked = useStore(room.sound.blocked, (now) => now);
  const microphone = useFresh(useStore(own.microphone.state, (now) => now.trouble));
  const camera = useFresh(useStore(own.camera.state, (now) => now.trouble));
  const { phase, why, attempt } = view.state;
  const away = useLate(phase !== "in" && phase !== "resuming", QUIET_MS / 2);
  const resuming = useLate(phase === "resuming", QUIET_MS);
  const weak = useLate(view.line !== "good", WEAK_MS);
  const space = useSpace(room.space);
  const alone = useLate(
    space?.own.space.kind !== "direct" && view.members.every(({ self }) => self),
    ALONE_MS,
  );
  const paused = view.members.filter((one) => one.camera?.paused || one.screen?.paused).length;
  if (away)
    return {
      icon: IconWifiSlash,
      text: why && attempt >= SAYS_WHY_FROM ? t(`wait.${why}`) : t("notice.returning"),
    };
  if (resuming) return { icon: IconWifiSlash, text: t("notice.resuming") };
  if (blocked) {
    return {
      icon: IconSpeakerSlash,
      text: t("notice.sound"),
      action: { label: t("notice.soundOn"), run: () => room.sound.unblock() },
    };
  }
  const again = (source: "microphone" | "camera") => ({
    label: t("trouble.again"),
    run: () => turn(source, true),
  });
  if (microphone) {
    return {
      icon: IconMicrophoneSlash,
      text: t(`trouble.microphone.${microphone}`),
      action: again("microphone"),
    };
  }
  if (camera) {
    return { icon: IconVideoCameraSlash, text: t(`trouble.camera.${camera}`), action: again("camera") };
  }
  if (talking) return { icon: IconMicrophone, text: t("notice.talking") };
  if (paused > 0) return { icon: IconWifiLow, text: t("notice.paused", { count: paused }) };
  if (weak) return { icon: IconWifiLow, text: t(view.line === "lost" ? "notice.lost" : "notice.poor") };
  if (!view.maySpeak) return { icon: IconInfo, text: t("notice.listener") };
  if (alone) return { icon: IconInfo, text: t("header.alone") };
  if (view.few) return { icon: IconInfo, text: t("notice.few") };
  return null;
}

/** A trouble while it is news: whoever has no camera need not be told so for an hour. */
function useFresh<Trouble>(trouble: Trouble | null): Trouble | null {
  const old = useLate(trouble !== null, NEWS_MS);
  return old ? null : trouble;
}
