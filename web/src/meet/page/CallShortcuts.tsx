import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Kbd } from "#/ui/control/Kbd";
import { Dialog } from "#/ui/layer/Dialog";
import styles from "./CallShortcuts.module.css";

const LINES = [
  { word: "microphone", key: "M" },
  { word: "talk", key: null },
  { word: "camera", key: "V" },
  { word: "share", key: "P" },
  { word: "layout", key: "G" },
  { word: "people", key: "L" },
  { word: "chat", key: "C" },
  { word: "help", key: "?" },
] as const;

/** The keys of the call. */
export function CallShortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactElement {
  const { t } = useTranslation("meet");
  return (
    <Dialog title={t("shortcuts.title")} opened={opened} onClose={onClose}>
      <dl>
        {LINES.map(({ word, key }) => (
          <div key={word} className={styles.line}>
            <dt>{t(`shortcuts.${word}`)}</dt>
            <dd>
              <Kbd name={key ?? t("shortcuts.space")} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
