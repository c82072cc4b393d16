import type { ReactElement } from "react";
import { ARCADES } from "#/ui/identity/arcades";
import styles from "./UnpaintedSquare.module.css";

/** A space before it is made: bare stone. Its arcade and its colour come with its id, and then never change. */
export function UnpaintedSquare({ size }: { size: number }): ReactElement {
  return (
    <svg
      className={styles.square}
      width={size}
      height={size}
      viewBox="0 0 40 40"
      aria-hidden="true"
      focusable="false"
    >
      <rect width="40" height="40" rx="8.8" className={styles.wall} />
      <path d={ARCADES[1]} fillRule="evenodd" className={styles.arch} />
    </svg>
  );
}
