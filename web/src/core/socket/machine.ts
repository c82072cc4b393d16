import type { AnyFromWindow, AnyToWindow, ProblemDetails } from "#/core/api/schema";

/*
 * The socket's client as a pure state machine: `step(state, input)` gives the next state and what to do. Nothing in
 * here touches the network, the clock or chance; `connection.ts` does what the effects say.
 */

export const PROTOCOL = 1;

/** The frames that are answered, without the number that the machine gives them. */
type Numbered = Extract<AnyFromWindow, { readonly n: number }>;
type WithoutNumber<Frame> = Frame extends unknown ? Omit<Frame, "n"> : never;
export type Request = WithoutNumber<Exclude<Numbered, { readonly t: "ping" }>>;
/** The frames that are not. */
export type Note = Exclude<AnyFromWindow, Numbered | { readonly t: "hello" }>;

export type Phase =
  /** Not wanted: nobody is signed in. */
  | "off"
  /** Opening, or open and greeting. */
  | "connecting"
  /** What was missed has been asked for; frames flow. */
  | "open"
  /** Between two attempts. */
  | "waiting"
  /** Given up until the page is opened again: it is too old for the server. */
  | "outdated";

type Pending = { readonly n: number; readonly request: Request; readonly sent: boolean };

export type State = {
  readonly phase: Phase;
  /** Attempts since the last connection that held. */
  readonly attempt: number;
  /** Whether this attempt got as far as an open socket. */
  readonly opened: boolean;
  readonly nextNumber: number;
  /** Requests not answered yet, in order. They outlive a connection: an act told twice is done once. */
  readonly pending: readonly Pending[];
  /** The last frame of each kind that holds until another of its kind: told again on each new connection. */
  readonly standing: { readonly [kind: string]: Note };
  /** When the socket was lost, in milliseconds; null while it is open or off. */
  readonly lostAt: number | null;
  /** Whether the browser says that there is a network. It may be wrong, so attempts go on. */
  readonly online: boolean;
  /** Milliseconds over which the windows that lose the server together come back: the larger the house, the longer. */
  readonly spread: number;
  /** Whether we have asked if the line still carries, and heard nothing since. */
  readonly asked: boolean;
};

export type Input =
  | { readonly type: "start" }
  | { readonly type: "stop" }
  | { readonly type: "opened"; readonly cursors: { readonly [stream: string]: number } }
  | { readonly type: "received"; readonly frame: AnyToWindow }
  | { readonly type: "closed"; readonly code: number; readonly now: number; readonly chance: number }
  /** The pause is over, or the network is back: try now. */
  | { readonly type: "retry" }
  /** The machine slept or is on another network: what is open is dead and does not know it. */
  | { readonly type: "broken"; readonly now: number; readonly chance: number }
  /** Nothing was heard for a while, or something may have happened to the line. */
  | { readonly type: "suspect"; readonly patience: number }
  /** What was asked on a suspicion was not answered in time. */
  | { readonly type: "expired"; readonly now: number; readonly chance: number }
  | { readonly type: "network"; readonly online: boolean }
  /** The connection has held for a while. */
  | { readonly type: "settled" }
  | { readonly type: "request"; readonly request: Request }
  | { readonly type: "abandon"; readonly n: number }
  | { readonly type: "note"; readonly note: Note; readonly standing: boolean };

export type Effect =
  | { readonly type: "connect" }
  | { readonly type: "disconnect" }
  | { readonly type: "send"; readonly frame: AnyFromWindow }
  | { readonly type: "retryIn"; readonly ms: number }
  | { readonly type: "settleIn"; readonly ms: number }
  | { readonly type: "expireIn"; readonly ms: number }
  | { readonly type: "deliver"; readonly frame: AnyToWindow }
  | { readonly type: "answer"; readonly n: number; readonly result: unknown }
  | { readonly type: "refuse"; readonly n: number; readonly problem: ProblemDetails }
  /** The socket could not even be opened: perhaps the session has ended. */
  | { readonly type: "checkSession" }
  | { readonly type: "signedOut" };

type Step = { readonly state: State; readonly effects: readonly Effect[] };

export const initial: State = {
  phase: "off",
  attempt: 0,
  opened: false,
  nextNumber: 1,
  pending: [],
  standing: {},
  lostAt: null,
  online: true,
  spread: 4_000,
  asked: false,
};

const FIRST_PAUSE_MS = 300;
/** The first pause is shorter than the spread: most lines are lost alone. */
const FIRST_PART = 8;
/** After so many attempts it is no short interruption: from then on they cost less. */
const TIRED_AFTER = 40;
const TIRED_PAUSE_MS = 10_000;
const SETTLED_AFTER_MS = 5_000;
/** The server takes 64 at once from one socket. */
const IN_FLIGHT_MOST = 32;

const SIGNED_OUT = 4401;
const WRONG_VERSION = 4426;
const RESUME_LATER = 4408;
const UNREADABLE = 4400;
const CROWDED = 4429;
const RESTART = 1012;
const TRY_LATER = 1013;

/** The least pause after a close that is told to everybody at once, in milliseconds; the spread comes on top. */
const CROWD_PAUSE_MS: { readonly [code: number]: number } = { [RESTART]: 500, [TRY_LATER]: 1_000 };
/** The least pause after a close that is told to one window, in milliseconds. */
const LEAST_PAUSE_MS: { readonly [code: number]: number } = {
  // Too slow a reader gets a breath.
  [RESUME_LATER]: 1_000,
  // What the server cannot read now it would not read again.
  [UNREADABLE]: 10_000,
  // One has very many windows, and another took this one's place: it comes back when it is looked at, or much later.
  [CROWDED]: 15_000,
};

/**
 * How long to wait before another attempt: the top doubles up to the spread, and chance (0 to 1) picks any moment
 * below it, so that a crowd that lost the server together does not come back together.
 */
export function pause(attempt: number, chance: number, spread: number): number {
  if (attempt >= TIRED_AFTER) return Math.round(Math.max(spread, TIRED_PAUSE_MS) * chance);
  return Math.round(Math.min(spread, Math.max(FIRST_PAUSE_MS, spread / FIRST_PART) * 2 ** attempt) * chance);
}

function pauseAfter(code: number, { attempt, spread }: State, chance: number): number {
  const crowd = CROWD_PAUSE_MS[code];
  if (crowd !== undefined) return Math.round(crowd + spread * chance);
  const least = LEAST_PAUSE_MS[code] ?? 0;
  return Math.max(pause(attempt, chance, spread), Math.round(least * (1 + chance)));
}

export function step(state: State, input: Input): Step {
  switch (input.type) {
    case "start":
      if (state.phase !== "off") return same(state);
      return { state: { ...state, phase: "connecting", opened: false }, effects: [{ type: "connect" }] };
    case "stop":
      return { state: over(state), effects: [{ type: "disconnect" }] };
    case "opened":
      if (state.phase !== "connecting") return same(state);
      return {
        state: { ...state, opened: true },
        effects: [{ type: "send", frame: { t: "hello", v: PROTOCOL, cursors: input.cursors } }],
      };
    case "received":
      return received(state, input.frame);
    case "closed":
      return closed(state, input);
    case "retry":
      if (state.phase !== "waiting") return same(state);
      return { state: { ...state, phase: "connecting", opened: false }, effects: [{ type: "connect" }] };
    case "broken":
      return broken(state, input);
    case "suspect":
      return suspect(state, input.patience);
    case "expired":
      return state.asked ? broken(state, input) : same(state);
    case "network":
      return same({ ...state, online: input.online });
    case "settled":
      return same(state.phase === "open" ? { ...state, attempt: 0 } : state);
    case "request": {
      const pending = { n: state.nextNumber, request: input.request, sent: false };
      return flush({ ...state, nextNumber: state.nextNumber + 1, pending: [...state.pending, pending] });
    }
    case "abandon":
      return flush({ ...state, pending: state.pending.filter(({ n }) => n !== input.n) });
    case "note":
      return note(state, input.note, input.standing);
  }
}

const same = (state: State): Step => ({ state, effects: [] });

/** Off again. Numbers go on, so that a late answer is nobody else's. */
const over = (state: State): State => ({
  ...initial,
  nextNumber: state.nextNumber,
  online: state.online,
  spread: state.spread,
});

function received(before: State, frame: AnyToWindow): Step {
  if (before.phase !== "connecting" && before.phase !== "open") return same(before);
  const state = before.asked ? { ...before, asked: false } : before;
  switch (frame.t) {
    case "welcome": {
      const open = { ...state, phase: "open", lostAt: null, online: true, spread: frame.spread } as const;
      const standing = Object.values(open.standing).map((one) => ({ type: "send", frame: one }) as const);
      const flushed = flush(open);
      return {
        state: flushed.state,
        effects: [
          { type: "deliver", frame },
          { type: "settleIn", ms: SETTLED_AFTER_MS },
          ...standing,
          ...flushed.effects,
        ],
      };
    }
    case "done":
      return settle(state, frame.n, { type: "answer", n: frame.n, result: frame.r ?? null });
    case "failed":
      return settle(state, frame.n, { type: "refuse", n: frame.n, problem: frame.problem });
    default:
      return { state, effects: [{ type: "deliver", frame }] };
  }
}

function settle(state: State, n: number, effect: Effect): Step {
  // An answer to what nobody waits for any more.
  if (!state.pending.some((one) => one.n === n)) return same(state);
  const flushed = flush({ ...state, pending: state.pending.filter((one) => one.n !== n) });
  return { state: flushed.state, effects: [effect, ...flushed.effects] };
}

/** Sends what waits, as far as the server takes it. */
function flush(state: State): Step {
  if (state.phase !== "open") return same(state);
  const effects: Effect[] = [];
  let inFlight = state.pending.filter(({ sent }) => sent).length;
  const pending = state.pending.map((one) => {
    if (one.sent || inFlight >= IN_FLIGHT_MOST) return one;
    inFlight += 1;
    effects.push({ type: "send", frame: { ...one.request, n: one.n } as AnyFromWindow });
    return { ...one, sent: true };
  });
  return effects.length === 0 ? same(state) : { state: { ...state, pending }, effects };
}

function closed(state: State, { code, now, chance }: Extract<Input, { type: "closed" }>): Step {
  if (state.phase === "off" || state.phase === "outdated" || state.phase === "waiting") return same(state);
  const lost: State = {
    ...state,
    opened: false,
    asked: false,
    pending: state.pending.map((one) => ({ ...one, sent: false })),
    lostAt: state.lostAt ?? now,
  };
  if (code === SIGNED_OUT) return { state: over(state), effects: [{ type: "signedOut" }] };
  if (code === WRONG_VERSION) return same({ ...lost, phase: "outdated" });
  const ms = pauseAfter(code, state, chance);
  return {
    state: { ...lost, phase: "waiting", attempt: state.attempt + 1 },
    effects: [{ type: "retryIn", ms }, ...(state.opened ? [] : ([{ type: "checkSession" }] as const))],
  };
}

/** Drops a line that is dead, or ends a pause, and tries at once. */
function broken(state: State, { now, chance }: { readonly now: number; readonly chance: number }): Step {
  if (state.phase === "waiting") return step({ ...state, attempt: 0 }, { type: "retry" });
  if (state.phase !== "open") return same(state);
  const after = closed({ ...state, attempt: 0 }, { type: "closed", code: 1006, now, chance });
  const again = step(after.state, { type: "retry" });
  return { state: again.state, effects: [{ type: "disconnect" }, ...again.effects] };
}

/** Asks whether the line still carries. Any frame is an answer. */
function suspect(state: State, patience: number): Step {
  if (state.phase === "waiting") return step({ ...state, attempt: 0 }, { type: "retry" });
  if (state.phase !== "open" || state.asked) return same(state);
  return {
    state: { ...state, asked: true, nextNumber: state.nextNumber + 1 },
    effects: [
      { type: "send", frame: { t: "ping", n: state.nextNumber } },
      { type: "expireIn", ms: patience },
    ],
  };
}

function note(state: State, told: Note, standing: boolean): Step {
  const next = standing ? { ...state, standing: { ...state.standing, [told.t]: told } } : state;
  // What is fleeting is not worth telling later.
  return { state: next, effects: state.phase === "open" ? [{ type: "send", frame: told }] : [] };
}
