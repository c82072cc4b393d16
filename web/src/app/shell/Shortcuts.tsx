import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { letterShortcuts, setLetterShortcuts } from "#/core/keys/keys";
import { useMe } from "#/core/session/useMe";
import { Switch } from "#/ui/control/Choice";
import { Kbd } from "#/ui/control/Kbd";
import { Dialog } from "#/ui/layer/Dialog";
import styles from "./Shortcuts.module.css";

const LINES = [
  { word: "filter", keys: ["ctrl", "K"] },
  { word: "place", keys: ["G", "P"] },
  { word: "spaces", keys: ["G", "E"] },
  { word: "people", keys: ["G", "A"] },
  { word: "close", keys: ["escape"] },
  { word: "help", keys: ["?"] },
] as const;

/** The list of shortcuts, on `?`; plain letters can be turned off there. */
export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const searches = useMe().abilities.includes("people:directory:search");
  const [letters, setLetters] = useState(letterShortcuts);
  return (
    <Dialog title={t("shortcuts.title")} opened={opened} onClose={onClose}>
      <dl className={styles.list}>
        {LINES.filter(({ word }) => word !== "people" || searches).map(({ word, keys }) => (
          <div key={word} className={styles.line}>
            <dt>{t(`shortcuts.${word}`)}</dt>
            <dd>
              {keys.map((key) => (
                <Kbd key={key} name={key} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <Switch
        label={t("shortcuts.letters")}
        detail={t("shortcuts.lettersDetail")}
        checked={letters}
        data-autofocus
        onChange={(event) => {
          setLetters(event.target.checked);
          setLetterShortcuts(event.target.checked);
        }}
      />
    </Dialog>
  );
}
