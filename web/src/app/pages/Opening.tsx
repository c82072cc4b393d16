import type { ReactElement } from "react";
import { RowBones } from "#/ui/state/Skeleton";
import styles from "./Opening.module.css";

/** While the house is being opened: the shape of what comes. */
export function Opening(): ReactElement {
  return (
    <div className={styles.frame}>
      <div className={styles.list}>
        <RowBones count={12} />
      </div>
      <main className={styles.sheet}>
        <RowBones count={6} height={56} picture={32} />
      </main>
    </div>
  );
}
