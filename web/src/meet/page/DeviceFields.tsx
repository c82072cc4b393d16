import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "#/core/store";
import { Select } from "#/ui/control/Field";
import { canChooseSpeaker, choices, choose, type Device, devices, watchDevices } from "../media/devices";
import { watchLevel } from "../media/level";
import { own } from "../media/own";
import styles from "./DeviceFields.module.css";

/** Which microphone, camera and speaker; kept on this device. `sends` is off for who only listens. */
export function DeviceFields({ sends }: { sends: boolean }): ReactElement {
  const { t } = useTranslation("meet");
  const all = useStore(devices, (now) => now);
  const chosen = useStore(choices, (now) => now);
  useEffect(watchDevices, []);
  const none = all.microphones.length + all.cameras.length + all.speakers.length === 0;
  const options = (list: readonly Device[], system: string) => [
    { value: "", label: system },
    ...list.filter(({ id }) => id !== "default").map(({ id, label }) => ({ value: id, label })),
  ];
  const known = (list: readonly Device[], id: string): string =>
    list.some((one) => one.id === id) ? id : "";
  if (none) return <p className={styles.hint}>{t("devices.unnamed")}</p>;
  return (
    <div className={styles.fields}>
      {sends && all.microphones.length > 0 && (
        <Select
          label={t("devices.microphone")}
          aside={<Level />}
          hint={t("devices.cleaned")}
          options={options(all.microphones, t("devices.system"))}
          value={known(all.microphones, chosen.microphoneId)}
          onChange={({ target }) => {
            choose({ microphoneId: target.value });
            void own.microphone.change();
          }}
        />
      )}
      {sends && all.cameras.length > 0 && (
        <Select
          label={t("devices.camera")}
          options={options(all.cameras, t("devices.systemCamera"))}
          value={known(all.cameras, chosen.cameraId)}
          onChange={({ target }) => {
            choose({ cameraId: target.value });
            void own.camera.change();
          }}
        />
      )}
      {canChooseSpeaker && all.speakers.length > 0 && (
        <Select
          label={t("devices.speaker")}
          options={options(all.speakers, t("devices.system"))}
          value={known(all.speakers, chosen.speakerId)}
          onChange={({ target }) => choose({ speakerId: target.value })}
        />
      )}
    </div>
  );
}

/** How loud one's microphone is, as a bar; nothing while it is closed. */
export function Level(): ReactElement | null {
  const { t } = useTranslation("meet");
  const track = useStore(own.microphone.state, (now) => (now.wanted ? now.track : null));
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!track) return;
    return watchLevel(track, (level) => {
      bar.current?.style.setProperty("--level", level.toFixed(3));
    });
  }, [track]);
  if (!track) return null;
  return (
    <span className={styles.level} role="img" aria-label={t("lobby.level")}>
      <span ref={bar} />
    </span>
  );
}
