import type { ReactElement } from "react";
import styles from "./Arcade.module.css";

const WIDTH = 44;
const STEP = 58;
const FIRST = 24;
const TOP = 32;
const FOOT = 98;

function arch(x: number, top: number, width: number): string {
  const radius = width / 2;
  return `M${x} ${FOOT}V${top + radius}A${radius} ${radius} 0 0 1 ${x + width} ${top + radius}V${FOOT}Z`;
}

/** The gallery of the square, one arch lit: what an empty place shows. Decoration, so silent. */
export function Arcade({ lit = 2 }: { lit?: number }): ReactElement {
  return (
    <svg
      className={styles.arcade}
      width="264"
      height="100"
      viewBox="0 0 264 100"
      aria-hidden="true"
      focusable="false"
    >
      <path className={styles.wall} d="M8 8H256V98H8Z" />
      <path className={styles.top} d="M0 0H264V8H0Z" />
      {[0, 1, 2, 3].map((place) => {
        const x = FIRST + place * STEP;
        const here = place === lit;
        return (
          <g key={place}>
            <path className={here ? styles.litShade : styles.shade} d={arch(x, TOP, WIDTH)} />
            <path className={here ? styles.litDeep : styles.deep} d={arch(x + 7, TOP + 8, WIDTH - 7)} />
          </g>
        );
      })}
      <path className={styles.top} d="M0 98H264V100H0Z" />
    </svg>
  );
}
