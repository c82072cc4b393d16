import { type ReactElement, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#/core/session/useMe";
import { useStore } from "#/core/store";
import { face } from "#/people/names";
import { Button } from "#/ui/control/Button";
import {
  IconMicrophone,
  IconMicrophoneSlash,
  IconVideoCamera,
  IconVideoCameraSlash,
  IconWarningCircle,
} from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { useLate } from "#/ui/state/Skeleton";
import { choose, type Source } from "../media/devices";
import { own } from "../media/own";
import { Control } from "../page/Control";
import { Level } from "../page/DeviceFields";
import { Video } from "../page/Video";
import styles from "./Lobby.module.css";

/** One's own picture as in a mirror, what turns it and the voice on and off, and what stands in their way. */
export function Preview(): ReactElement {
  const { t } = useTranslation("meet");
  const me = useMe().profile.card;
  const microphone = useStore(own.microphone.state, (now) => now);
  const camera = useStore(own.camera.state, (now) => now);
  useGranted("microphone");
  useGranted("camera");
  return (
    <section className={styles.preview} aria-label={t("lobby.preview")}>
      <div className={styles.picture}>
        {camera.track ? (
          <Video track={camera.track} mirrored />
        ) : (
          <>
            <Avatar person={face(me)} size={96} />
            <p className={styles.caption}>{t(camera.opening ? "lobby.cameraOpening" : "lobby.cameraOff")}</p>
          </>
        )}
        <div className={styles.toggles}>
          <Control
            icon={microphone.wanted ? IconMicrophone : IconMicrophoneSlash}
            label={t(microphone.wanted ? "bar.mute" : "bar.unmute")}
            off={!microphone.wanted}
            busy={microphone.opening}
            onClick={() => toggle("microphone")}
          />
          <Control
            icon={camera.wanted ? IconVideoCamera : IconVideoCameraSlash}
            label={t(camera.wanted ? "bar.cameraOff" : "bar.cameraOn")}
            off={!camera.wanted}
            busy={camera.opening}
            onClick={() => toggle("camera")}
          />
        </div>
        <span className={styles.meter}>
          <Level />
        </span>
      </div>
      <div role="status" className={styles.troubles}>
        <Asking opening={microphone.opening || camera.opening} />
        <Trouble source="microphone" />
        <Trouble source="camera" />
      </div>
    </section>
  );
}

function toggle(source: Source): void {
  const on = !own[source].state.get().wanted;
  choose({ [source]: on });
  if (on) void own[source].on();
  else own[source].off();
}

/** A browser that may opens them quicker than one reads. */
const ASKS_AFTER_MS = 1_500;

/** The browser asks the person: what it asks for, and that one need not wait. */
function Asking({ opening }: { opening: boolean }): ReactElement | null {
  const { t } = useTranslation("meet");
  const asks = useLate(opening, ASKS_AFTER_MS);
  return asks ? <p className={styles.asking}>{t("lobby.allow")}</p> : null;
}

function Trouble({ source }: { source: Source }): ReactElement | null {
  const { t } = useTranslation("meet");
  const trouble = useStore(own[source].state, (now) => now.trouble);
  if (!trouble) return null;
  const final = trouble === "insecure";
  return (
    <div className={styles.trouble}>
      <IconWarningCircle size={18} />
      <p>{t(`trouble.${source}.${trouble}`)}</p>
      {!final && (
        <Button size="s" onClick={() => void own[source].on()}>
          {t("trouble.again")}
        </Button>
      )}
    </div>
  );
}

/** Whoever allows it in the browser's settings need not come back here to say so. */
function useGranted(source: Source): void {
  useEffect(() => {
    let status: PermissionStatus | null = null;
    const look = (): void => {
      if (status?.state === "granted" && own[source].state.get().trouble === "denied") void own[source].on();
    };
    let over = false;
    navigator.permissions
      ?.query({ name: source })
      .then((found) => {
        if (over) return;
        status = found;
        found.addEventListener("change", look);
      })
      // Not every browser can be asked.
      .catch(() => undefined);
    return () => {
      over = true;
      status?.removeEventListener("change", look);
    };
  }, [source]);
}
