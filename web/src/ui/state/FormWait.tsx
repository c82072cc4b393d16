import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { IconClock } from "../icon";
import styles from "./FormProblem.module.css";

/** Too many attempts: how long to wait, counted down. Whoever listens hears it once, not each second. */
export function FormWait({ seconds }: { seconds: number }): ReactElement {
  const { t } = useTranslation("ui");
  const minutes = Math.floor(seconds / 60);
  const left =
    minutes > 0
      ? t("wait.minutes", { minutes, seconds: String(seconds % 60).padStart(2, "0") })
      : t("wait.seconds", { seconds });
  return (
    <p className={styles.problem}>
      <IconClock size={18} />
      <span>
        <span role="alert">{t("wait.why")}</span> <span role="timer">{left}</span>
      </span>
    </p>
  );
}
