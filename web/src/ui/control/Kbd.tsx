import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../cx";
import styles from "./Kbd.module.css";

const WORDS = ["ctrl", "shift", "alt", "enter", "escape"] as const;

/** A key of the keyboard. Named keys are said in the person's language: `ctrl`, `shift`, `alt`, `enter`, `escape`. */
export function Kbd({ name, dark }: { name: string; dark?: boolean }): ReactElement {
  const { t } = useTranslation("ui");
  const word = WORDS.find((one) => one === name);
  return <kbd className={cx(styles.key, dark && styles.dark)}>{word ? t(`keys.${word}`) : name}</kbd>;
}
