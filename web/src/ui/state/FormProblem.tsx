import type { ReactElement } from "react";
import { IconWarningCircle } from "../icon";
import styles from "./FormProblem.module.css";

/** Why what was sent was not taken, above the button that sends it; what was typed is still there. */
export function FormProblem({ text }: { text: string }): ReactElement {
  return (
    <p className={styles.problem} role="alert">
      <IconWarningCircle size={18} />
      <span>{text}</span>
    </p>
  );
}
