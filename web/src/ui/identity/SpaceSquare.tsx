import type { CSSProperties, ReactElement } from "react";
import { ARCADES } from "./arcades";
import { drawing, hue } from "./hash";
import styles from "./SpaceSquare.module.css";

/** A space: ten drawings of arches by eight hues; its id picks both, and they never change. */
export function SpaceSquare({ id, size = 20 }: { id: string; size?: number }): ReactElement {
  const shade = hue(id);
  return (
    <svg
      className={styles.square}
      style={{ "--wall-hue": `var(--wall-${shade})`, "--arch-hue": `var(--arch-${shade})` } as CSSProperties}
      width={size}
      height={size}
      viewBox="0 0 40 40"
      aria-hidden="true"
      focusable="false"
    >
      <rect width="40" height="40" rx="8.8" className={styles.wall} />
      <path d={ARCADES[drawing(id, ARCADES.length)]} fillRule="evenodd" className={styles.arch} />
    </svg>
  );
}
