import type { AnyFromWindow, AnyToWindow, ProblemDetails } from "#/core/api/schema";

/*
 * The socket's client as a pure state machine: `step(state, input)` gives the next state and what to do. Nothing in
 * here touches the network, the clock or chance; `connection.ts` does what the effects say.
 */

export const PROTOCOL = 1;

/** The frames that are answered, without the number that the machine gives them. */
type Numbered = Extract<AnyFromWindow, { readonly n: number }>;
type WithoutNumber<Frame> = Frame extends unknown ? Omit<Frame, "n"> : never;
export type Request = WithoutNumber<Numbered>;
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
};

export type Input =
  | { readonly type: "start" }
  | { readonly type: "stop" }
  | { readonly type: "opened"; readonly cursors: { readonly [stream: string]: number } }
  | { readonly type: "received"; readonly frame: AnyToWindow }
  | { readonly type: "closed"; readonly code: number; readonly now: number; readonly chance: number }
  /** The pause is over, or the network is back: try now. */
  | { readonly type: "retry" }
  /** The machine woke up or the network changed: what is open may be dead without knowing it. */
  | { readonly type: "suspect"; readonly now: number; readonly chance: number }
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
};

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 30_000;
const SETTLED_AFTER_MS = 5_000;
/** The server takes 64 at once from one socket. */
const IN_FLIGHT_MOST = 32;

const SIGNED_OUT = 4401;
const WRONG_VERSION = 4426;
const RESUME_LATER = 4408;
const UNREADABLE = 4400;

/** How long to wait before another attempt: doubling, and spread by chance (0 to 1) so that a crowd does not come back at once. */
export function pause(attempt: number, chance: number): number {
  const top = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return Math.round(top / 2 + (top / 2) * chance);
}

export function step(state: State, input: Input): Step {
  switch (input.type) {
    case "start":
      if (state.phase !== "off") return same(state);
      return { state: { ...state, phase: "connecting", opened: false }, effects: [{ type: "connect" }] };
    case "stop":
      return { state: { ...initial, nextNumber: state.nextNumber }, effects: [{ type: "disconnect" }] };
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
    case "suspect":
      return suspect(state, input);
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

function received(state: State, frame: AnyToWindow): Step {
  if (state.phase !== "connecting" && state.phase !== "open") return same(state);
  switch (frame.t) {
    case "welcome": {
      const open = { ...state, phase: "open", lostAt: null } as const;
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
    pending: state.pending.map((one) => ({ ...one, sent: false })),
    lostAt: state.lostAt ?? now,
  };
  if (code === SIGNED_OUT) {
    return { state: { ...initial, nextNumber: state.nextNumber }, effects: [{ type: "signedOut" }] };
  }
  if (code === WRONG_VERSION) return same({ ...lost, phase: "outdated" });
  // What the server cannot read it would not read again: at least wait long before saying it once more.
  const attempt = code === UNREADABLE ? Math.max(state.attempt, 5) : state.attempt;
  const ms = Math.max(pause(attempt, chance), code === RESUME_LATER ? 1_000 : 0);
  return {
    state: { ...lost, phase: "waiting", attempt: attempt + 1 },
    effects: [
      { type: "retryIn", ms },
      ...(state.opened ? [] : ([{ type: "checkSession" }] as const)),
    ],
  };
}

function suspect(state: State, { now, chance }: Extract<Input, { type: "suspect" }>): Step {
  if (state.phase === "waiting") return step({ ...state, attempt: 0 }, { type: "retry" });
  if (state.phase !== "open") return same(state);
  const after = closed({ ...state, attempt: 0 }, { type: "closed", code: 1006, now, chance });
  const again = step(after.state, { type: "retry" });
  return { state: again.state, effects: [{ type: "disconnect" }, ...again.effects] };
}

function note(state: State, told: Note, standing: boolean): Step {
  const next = standing ? { ...state, standing: { ...state.standing, [told.t]: told } } : state;
  // What is fleeting is not worth telling later.
  return { state: next, effects: state.phase === "open" ? [{ type: "send", frame: told }] : [] };
}
