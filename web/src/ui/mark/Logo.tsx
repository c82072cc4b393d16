import type { ReactElement } from "react";
import styles from "./Logo.module.css";

/** The mark of the house: two arches under a lintel. */
export function Logo({ size = 32 }: { size?: number }): ReactElement {
  return (
    <svg
      className={styles.logo}
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
      focusable="false"
    >
      <rect width="32" height="32" rx="7" className={styles.wall} />
      <path
        className={styles.arch}
        d="M6 6h20v1.8H6zM6.2 25V14.6A4.7 4.7 0 0 1 15.6 14.6V25zM16.4 25V14.6A4.7 4.7 0 0 1 25.8 14.6V25z"
      />
    </svg>
  );
}
