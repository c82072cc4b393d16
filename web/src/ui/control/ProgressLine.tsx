import type { CSSProperties, ReactElement } from "react";
import styles from "./ProgressLine.module.css";

/** How far something is: a share from 0 to 1, or null while nobody can tell. */
export function ProgressLine({ share, label }: { share: number | null; label: string }): ReactElement {
  const known = share === null ? null : Math.min(1, Math.max(0, share));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(known !== null && { "aria-valuenow": Math.floor(known * 100) })}
      className={styles.line}
      data-open={known === null || undefined}
      style={{ "--share": known ?? 0.3 } as CSSProperties}
    >
      <span />
    </div>
  );
}
