import type { ReactElement } from "react";
import styles from "./TownMap.module.css";

/*
 * A new town of the kind that gave the house its name, drawn by rule: streets on a grid, a square with arcades
 * and a hall in the middle, a church beside it, plots behind, a rampart with gates, a river. Each kind of thing
 * is one path. The little variety comes from a fixed sequence, so that it is the same town everywhere.
 */
const CENTRE = { x: 398, y: 426 };
const PITCH = { x: 118, y: 114 };
const BLOCK = { width: 103, height: 99 };
const REACH = 4;
const SQUARE = 122;

const WALL: readonly (readonly [number, number])[] = [
  [38, 92],
  [330, -20],
  [632, 10],
  [808, 210],
  [862, 540],
  [783, 746],
  [515, 860],
  [203, 868],
  [29, 678],
  [-22, 420],
];
/** Along which sides of the wall a gate opens, and where (share of the side). */
const GATES: readonly { side: number; at: number }[] = [
  { side: 0, at: 0.52 },
  { side: 2, at: 0.5 },
  { side: 4, at: 0.42 },
  { side: 6, at: 0.5 },
  { side: 8, at: 0.5 },
];
const GATE_HALF = 20;

const rect = (x: number, y: number, width: number, height: number): string =>
  `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;
const round = (value: number): number => Math.round(value * 10) / 10;

/** A fixed sequence of numbers between 0 and 1. */
function* sequence(): Generator<number, never> {
  let state = 20_260_310;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

function town(): {
  plots: string;
  near: string;
  lines: string;
  gardens: string;
  courts: string;
  fields: string;
} {
  const chance = sequence();
  const next = (): number => chance.next().value;
  const paths = { plots: "", near: "", lines: "", gardens: "", courts: "", fields: "" };
  for (let row = -REACH; row <= REACH; row += 1) {
    for (let column = -REACH; column <= REACH; column += 1) {
      if (row === 0 && column === 0) continue;
      const x = CENTRE.x + column * PITCH.x - BLOCK.width / 2;
      const y = CENTRE.y + row * PITCH.y - BLOCK.height / 2;
      const church = row === -1 && column === 1;
      const beside = Math.abs(row) <= 1 && Math.abs(column) <= 1 && !church;
      paths[beside ? "near" : "plots"] += rect(x, y, BLOCK.width, BLOCK.height);
      if (church) continue;
      // Houses stand on narrow strips, with a lane along the middle of the block.
      for (let strip = 1; strip < 4; strip += 1) {
        const at = x + (BLOCK.width * strip) / 4 + (next() - 0.5) * 6;
        const upper = 24 + next() * 22;
        const lower = 24 + next() * 22;
        paths.lines += `M${round(at)} ${round(y)}v${round(upper)}M${round(at)} ${round(y + BLOCK.height)}v${round(-lower)}`;
      }
      const inner = rect(x + 26 + next() * 14, y + 30 + next() * 8, 42 + next() * 8, 28 + next() * 6);
      const kind = next();
      if (kind < 0.42) paths.gardens += inner;
      else if (kind < 0.62) paths.courts += inner;
      if (next() < 0.2) paths.fields += rect(x + BLOCK.width - 27, y, 27, 35);
    }
  }
  return paths;
}

function rampart(): string {
  return WALL.map(([x, y], side) => {
    const [nextX, nextY] = WALL[(side + 1) % WALL.length] ?? [x, y];
    const gate = GATES.find((one) => one.side === side);
    if (!gate) return `M${x} ${y}L${nextX} ${nextY}`;
    const [dx, dy] = [nextX - x, nextY - y];
    const half = GATE_HALF / Math.hypot(dx, dy);
    const on = (share: number): string => `${round(x + dx * share)} ${round(y + dy * share)}`;
    return `M${x} ${y}L${on(gate.at - half)}M${on(gate.at + half)}L${nextX} ${nextY}`;
  }).join("");
}

const INSIDE = `M${WALL.map(([x, y]) => `${x} ${y}`).join("L")}Z`;
const TOWN = town();
const RAMPART = rampart();

function pillars(): { x: number; y: number }[] {
  const half = SQUARE / 2;
  const gaps = 9;
  const line = Array.from({ length: gaps }, (_, index) => (index / gaps) * SQUARE);
  return line.flatMap((along) => [
    { x: CENTRE.x - half + along, y: CENTRE.y - half },
    { x: CENTRE.x + half, y: CENTRE.y - half + along },
    { x: CENTRE.x + half - along, y: CENTRE.y + half },
    { x: CENTRE.x - half, y: CENTRE.y + half - along },
  ]);
}

/** The plan of a bastide, beside the sign-in form. Decoration, so silent. */
export function TownMap({ className }: { className?: string | undefined }): ReactElement {
  return (
    <svg
      className={className}
      viewBox="0 0 840 900"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      focusable="false"
    >
      <defs>
        <clipPath id="town-inside">
          <path d={INSIDE} />
        </clipPath>
      </defs>
      <path
        className={styles.river}
        d="M-20 782C60 776 120 800 190 838C290 892 420 884 560 826C680 776 760 740 860 690V770C770 800 700 850 590 884C470 922 300 940 180 890C110 860 50 838 -20 846Z"
      />
      <path className={styles.street} d={INSIDE} />
      <g clipPath="url(#town-inside)">
        <g transform={`rotate(-7 ${CENTRE.x} ${CENTRE.y})`}>
          <path className={styles.plot} d={TOWN.plots} />
          <path className={styles.near} d={TOWN.near} />
          <path className={styles.lines} d={TOWN.lines} />
          <path className={styles.garden} d={TOWN.gardens} />
          <path className={styles.court} d={TOWN.courts} />
          <path className={styles.field} d={TOWN.fields} />
          <path
            className={styles.church}
            d={`M${CENTRE.x + 74} ${CENTRE.y - 128}h50v-19h15v19h10a13 13 0 0 1 0 28h-10v19h-15v-19h-50z`}
          />
        </g>
      </g>
      <path className={styles.rampart} d={RAMPART} />
      {WALL.map(([x, y]) => (
        <circle key={`${x} ${y}`} className={styles.tower} cx={x} cy={y} r="11" />
      ))}
      <g transform={`rotate(-7 ${CENTRE.x} ${CENTRE.y})`}>
        {pillars().map(({ x, y }) => (
          <circle
            key={`${round(x)} ${round(y)}`}
            className={styles.pillar}
            cx={round(x)}
            cy={round(y)}
            r="3"
          />
        ))}
        <path className={styles.hall} d={rect(CENTRE.x - 24, CENTRE.y - 22, 48, 44)} />
        <path
          className={styles.ridge}
          d={`M${CENTRE.x - 24} ${CENTRE.y - 22}L${CENTRE.x - 8} ${CENTRE.y}L${CENTRE.x - 24} ${CENTRE.y + 22}M${CENTRE.x + 24} ${CENTRE.y - 22}L${CENTRE.x + 8} ${CENTRE.y}L${CENTRE.x + 24} ${CENTRE.y + 22}M${CENTRE.x - 8} ${CENTRE.y}H${CENTRE.x + 8}`}
        />
      </g>
    </svg>
  );
}
