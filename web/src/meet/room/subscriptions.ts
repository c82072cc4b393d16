/*
 * Who hears and sees what, as a pure function. Each subscription costs the media server 5 ms to make and a packet 26 µs
 * to pass on, so that a room in which all receive all breaks on its square. Voices come first, then a shared screen, then
 * the cameras that are on screen, no larger than they are shown.
 */

/** Up to this many people one receives every microphone. */
export const ALL_VOICES_UP_TO = 12;
/** Once there were more, it takes this few for everybody to be received again: a room at the edge does not flap. */
export const ALL_VOICES_AGAIN_AT = 10;
/** Beyond: those who spoke last. */
export const VOICES_MOST = 6;
/** A camera that left the screen stays this long, for it often comes back. */
export const CAMERA_LINGER_MS = 3_000;
/** A smaller picture is asked for only when it has been small this long. */
export const SHRINK_AFTER_MS = 2_000;

/** Somebody else's device in the call. */
export type Heard = {
  readonly identity: string;
  readonly person: string;
  /** Its microphone: open, there but muted, or not there. A muted one sends nothing. */
  readonly microphone: "open" | "muted" | "none";
  readonly camera: boolean;
  readonly screen: boolean;
  /** When it was last heard, or its microphone last opened, in milliseconds; 0 for never. */
  readonly spokeAt: number;
  readonly speaking: boolean;
};

/** How large a picture is on screen, in device pixels. */
export type Size = { readonly width: number; readonly height: number };

/** The layers that cameras send: 180, 360 and 720 lines. */
export type Layer = "low" | "medium" | "high";

type Camera = {
  readonly layer: Layer;
  /** Since when it is off the screen; null while it is on it. */
  readonly offSince: number | null;
  /** Since when less would do; null while it would not. */
  readonly lessSince: number | null;
};

export type Plan = {
  /** Identities whose microphone is received. */
  readonly voices: ReadonlySet<string>;
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly screens: ReadonlySet<string>;
  /** Whether only the last speakers are received. */
  readonly few: boolean;
  /** In how many milliseconds to look again, though nothing happened; null for never. */
  readonly againIn: number | null;
};

export const nothing: Plan = {
  voices: new Set(),
  cameras: new Map(),
  screens: new Set(),
  few: false,
  againIn: null,
};

/**
 * What to receive now.
 *
 * `others` are the other devices of the call, `shown` the cameras that are on screen and how large, `now` a clock in
 * milliseconds that does not go back. `before` is what this function gave last.
 */
export function plan(
  before: Plan,
  others: readonly Heard[],
  shown: ReadonlyMap<string, Size>,
  now: number,
): Plan {
  // Oneself is one of the people.
  const people = new Set(others.map(({ person }) => person)).size + 1;
  const few = before.few ? people > ALL_VOICES_AGAIN_AT : people > ALL_VOICES_UP_TO;
  const cameras = watched(before.cameras, others, shown, now);
  return {
    voices: few
      ? lastSpeakers(before.voices, others)
      : new Set(voices(others).map(({ identity }) => identity)),
    cameras,
    screens: new Set(others.filter(({ screen }) => screen).map(({ identity }) => identity)),
    few,
    againIn: soonest(cameras, now),
  };
}

/** Muted ones too: they cost nothing, and the first word after the silence is not lost while a subscription is made. */
const voices = (others: readonly Heard[]): Heard[] =>
  others.filter(({ microphone }) => microphone !== "none");

/**
 * The last speakers. Whoever is received stays until somebody else speaks; then the place of the one who has been silent
 * longest is taken, and never of one who is speaking.
 */
function lastSpeakers(before: ReadonlySet<string>, others: readonly Heard[]): ReadonlySet<string> {
  const open = others.filter(({ microphone }) => microphone === "open");
  const kept = open
    .filter(({ identity }) => before.has(identity))
    .sort(byLast)
    .slice(0, VOICES_MOST);
  const comers = open.filter((one) => !kept.includes(one)).sort(byLast);
  for (const comer of comers) {
    if (kept.length < VOICES_MOST) {
      kept.push(comer);
      continue;
    }
    const weakest = kept
      .filter(({ speaking }) => !speaking)
      .sort(byLast)
      .at(-1);
    if (!weakest || (!comer.speaking && weakest.spokeAt >= comer.spokeAt)) break;
    kept[kept.indexOf(weakest)] = comer;
  }
  return new Set(kept.map(({ identity }) => identity));
}

const byLast = (one: Heard, other: Heard): number =>
  Number(other.speaking) - Number(one.speaking) ||
  other.spokeAt - one.spokeAt ||
  (one.identity < other.identity ? -1 : 1);

const RANK: { readonly [name in Layer]: number } = { low: 0, medium: 1, high: 2 };

/** The least layer that is sharp at this size. */
export function layerFor({ width, height }: Size): Layer {
  // A picture is cropped to its tile, so that its longer side decides.
  const lines = Math.max(height, (width * 9) / 16);
  if (lines <= 200) return "low";
  return lines <= 420 ? "medium" : "high";
}

function watched(
  before: Plan["cameras"],
  others: readonly Heard[],
  shown: ReadonlyMap<string, Size>,
  now: number,
): Plan["cameras"] {
  const after = new Map<string, Camera>();
  for (const { identity, camera } of others) {
    if (!camera) continue;
    const had = before.get(identity);
    const size = shown.get(identity);
    if (size) after.set(identity, onScreen(had, layerFor(size), now));
    else if (had && now - (had.offSince ?? now) < CAMERA_LINGER_MS) {
      after.set(identity, { layer: had.layer, offSince: had.offSince ?? now, lessSince: null });
    }
  }
  return after;
}

function onScreen(had: Camera | undefined, wanted: Layer, now: number): Camera {
  if (!had || RANK[wanted] >= RANK[had.layer]) return { layer: wanted, offSince: null, lessSince: null };
  const lessSince = had.lessSince ?? now;
  return now - lessSince >= SHRINK_AFTER_MS
    ? { layer: wanted, offSince: null, lessSince: null }
    : { layer: had.layer, offSince: null, lessSince };
}

function soonest(cameras: Plan["cameras"], now: number): number | null {
  let least = Number.POSITIVE_INFINITY;
  for (const { offSince, lessSince } of cameras.values()) {
    if (offSince !== null) least = Math.min(least, offSince + CAMERA_LINGER_MS - now);
    if (lessSince !== null) least = Math.min(least, lessSince + SHRINK_AFTER_MS - now);
  }
  return Number.isFinite(least) ? Math.max(0, least) : null;
}
