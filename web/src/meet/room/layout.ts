/*
 * Where the tiles of a call stand, as pure functions of how many there are and how much room there is. Lengths are in
 * CSS pixels.
 */

export const GAP = 8;
/** The strip beside a shared screen or a speaker. */
export const STRIP = 208;
const STRIP_TILE_LEAST = 117;
const STRIP_TILE_MOST = 140;
/** Under this width, and where the room is taller than wide, the strip lies under the picture, in a row. */
export const NARROW = 700;
const ROW = { narrow: { width: 120, height: 104 }, wide: { width: 176, height: 124 } };
/** More faces than this at once are no faces any more. */
const TILES_MOST = 16;
const LEAST = { wide: { width: 160, height: 100 }, narrow: { width: 150, height: 140 } };
/** On a phone, two faces side by side and no more. */
const NARROW_COLUMNS = 2;

/** How wide a face may be cut, against its height: from a portrait to a film. */
const SLIMMEST = 3 / 4;
const WIDEST = 16 / 9;

export type Grid = {
  readonly columns: number;
  readonly rows: number;
  /** The size of a tile. */
  readonly width: number;
  readonly height: number;
};

/** How much of a tile a picture of a good shape would fill. */
function worth(width: number, height: number): number {
  if (width <= 0 || height <= 0) return 0;
  const shape = width / height;
  if (shape > WIDEST) return height * height * WIDEST;
  return shape < SLIMMEST ? (width * width) / SLIMMEST : width * height;
}

const cell = (length: number, count: number): number => (length - GAP * (count - 1)) / count;

/** In a wide window a tile is no taller than wide: cameras are wide, and more would be cut off than shown. */
const TALLEST = 1;

/** The grid in which so many tiles are largest. Tiles fill the room; the last row may hold fewer, and is centred. */
export function grid(count: number, width: number, height: number): Grid {
  let best: Grid = { columns: 1, rows: 1, width, height };
  let bestWorth = -1;
  const most = width < NARROW ? NARROW_COLUMNS : count;
  for (let columns = 1; columns <= Math.max(1, Math.min(most, count)); columns += 1) {
    const rows = Math.ceil(Math.max(1, count) / columns);
    // Not a column that would stand empty.
    if (columns > 1 && Math.ceil(count / rows) < columns) continue;
    const wide = cell(width, columns);
    const tallest = width < NARROW ? Number.POSITIVE_INFINITY : wide / TALLEST;
    const one = { columns, rows, width: wide, height: Math.min(cell(height, rows), tallest) };
    const value = worth(one.width, one.height);
    if (value > bestWorth) [best, bestWorth] = [one, value];
  }
  return best;
}

/** How many tiles there is room for, at a size at which one still knows a face. */
export function gridHolds(width: number, height: number): number {
  const least = width < NARROW ? LEAST.narrow : LEAST.wide;
  for (let count = TILES_MOST; count > 1; count -= 1) {
    const one = grid(count, width, height);
    if (one.width >= least.width && one.height >= least.height) return count;
  }
  return 1;
}

export type Strip = {
  /** Beside the picture, or under it. */
  readonly side: "right" | "bottom";
  /** How many tiles there is room for. */
  readonly holds: number;
  /** The size of a tile. */
  readonly width: number;
  readonly height: number;
};

/** The strip of faces beside what one looks at. */
export function strip(count: number, width: number, height: number): Strip {
  if (width >= NARROW && width > height) {
    const holds = Math.max(1, Math.floor((height + GAP) / (STRIP_TILE_LEAST + GAP)));
    const shown = Math.max(1, Math.min(holds, count));
    return { side: "right", holds, width: STRIP, height: Math.min(STRIP_TILE_MOST, cell(height, shown)) };
  }
  const row = width < NARROW ? ROW.narrow : ROW.wide;
  const holds = Math.max(1, Math.floor((width + GAP) / (row.width + GAP)));
  // One alone does not fill the row.
  const shown = Math.max(2, Math.min(holds, count));
  return { side: "bottom", holds, width: Math.min(cell(width, shown), row.width * 1.5), height: row.height };
}

/** Somebody who could have a tile. Their order is the order of the tiles. */
export type Candidate = {
  readonly identity: string;
  readonly self: boolean;
  /** When they last spoke, in milliseconds; 0 for never. */
  readonly spokeAt: number;
  readonly camera: boolean;
};

export type Chosen = {
  readonly shown: readonly string[];
  /** How many have no tile. */
  readonly rest: number;
};

/**
 * Who gets a tile when not everybody can. Whoever has one keeps it, at its place, until somebody without one speaks: they
 * then take the tile of who has been silent longest. Oneself always has one. `before` is who had tiles, in order.
 */
export function choose(candidates: readonly Candidate[], holds: number, before: readonly string[]): Chosen {
  if (candidates.length <= holds) return { shown: candidates.map(({ identity }) => identity), rest: 0 };
  // One place says how many more there are.
  const places = Math.max(1, holds - 1);
  const byIdentity = new Map(candidates.map((one) => [one.identity, one]));
  const shown = before.flatMap((identity) => byIdentity.get(identity) ?? []).slice(0, places);
  const self = candidates.find((one) => one.self);
  if (self && !shown.includes(self)) {
    if (shown.length >= places) shown.pop();
    shown.push(self);
  }
  const waiting = candidates.filter((one) => !shown.includes(one)).sort(bySpoken);
  for (const one of waiting) {
    if (shown.length < places) {
      shown.push(one);
      continue;
    }
    const silent = shown
      .filter(({ self: own }) => !own)
      .sort(bySpoken)
      .at(-1);
    if (!silent || silent.spokeAt >= one.spokeAt) break;
    shown[shown.indexOf(silent)] = one;
  }
  return { shown: shown.map(({ identity }) => identity), rest: candidates.length - shown.length };
}

/** Who spoke last comes first; those who never did, with a camera before those without. */
const bySpoken = (one: Candidate, other: Candidate): number =>
  other.spokeAt - one.spokeAt || Number(other.camera) - Number(one.camera);

/** How long somebody must have the word before the view of the speaker turns to them. */
export const TURN_AFTER_MS = 1_500;

/** Whom the view of the speaker shows. */
export type Spotlight = {
  readonly identity: string | null;
  readonly next: string | null;
  readonly since: number;
};

export const nobody: Spotlight = { identity: null, next: null, since: 0 };

/**
 * The view of the speaker after a moment: it stays on whoever had the word last, and turns when somebody else has had it
 * for a while; at once when the one it shows is gone. `speaking` has the loudest first, without oneself.
 */
export function spotlight(
  before: Spotlight,
  speaking: readonly string[],
  others: readonly string[],
  now: number,
): Spotlight {
  const shown = before.identity !== null && others.includes(before.identity) ? before.identity : null;
  const loudest = speaking.find((identity) => others.includes(identity)) ?? null;
  if (shown === null) {
    return { identity: loudest ?? others[0] ?? null, next: null, since: now };
  }
  if (loudest === null || speaking.includes(shown)) return { identity: shown, next: null, since: now };
  if (loudest !== before.next) return { identity: shown, next: loudest, since: now };
  return now - before.since >= TURN_AFTER_MS
    ? { identity: loudest, next: null, since: now }
    : { identity: shown, next: loudest, since: before.since };
}
