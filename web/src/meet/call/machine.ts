import type { CallTicket, ProblemDetails } from "#/core/api/schema";

/*
 * One's way into a call, through its troubles, and out of it, as a pure state machine: `step(state, input)` gives the
 * next state and what to do. `room.ts` does what the effects say; nothing in here touches the network or the clock.
 */

export type Phase =
  /** Asking for a ticket. */
  | "asking"
  /** The ticket is there; voice and picture are being connected. */
  | "connecting"
  | "in"
  /** Only the signalling is away: voices flow. */
  | "resuming"
  /** Between two attempts; `why` says what stands in the way. */
  | "waiting"
  | "over";

/** What stands in the way of getting in. */
export type Why =
  /** The media server is being built, is starting, or somebody has to look. */
  | "building"
  | "starting"
  | "broken"
  /** Our server does not answer. */
  | "unreachable"
  /** The ticket is good, but voice and picture do not get through. */
  | "blocked";

export type End =
  | "left"
  /** Nobody is in it any more. */
  | "ended"
  /** One may no longer be in it. */
  | "removed"
  /** This device is in it through another window. */
  | "elsewhere"
  | "full"
  /** The rule says no, from the first. */
  | "refused";

export type State = {
  readonly phase: Phase;
  readonly why: Why | null;
  readonly end: End | null;
  /** The call one is in or is coming back to: no other one is entered in its stead. */
  readonly callId: string | null;
  /** Whether one has been in it: what fails then is a break, and not a closed door. */
  readonly wasIn: boolean;
  /** Attempts since one was last in. */
  readonly attempt: number;
  /** The server's words, where it refused. */
  readonly problem: ProblemDetails | null;
};

export type Input =
  | { readonly type: "enter" }
  | { readonly type: "ticket"; readonly ticket: CallTicket }
  | { readonly type: "refused"; readonly problem: ProblemDetails; readonly chance: number }
  | { readonly type: "unreachable"; readonly chance: number }
  | { readonly type: "connected" }
  /** The ticket did not lead in: the media server was away, or voice and picture did not get through. */
  | { readonly type: "failed"; readonly why: "starting" | "blocked"; readonly chance: number }
  | { readonly type: "resuming" }
  | { readonly type: "resumed" }
  /** Voice and picture are away. */
  | { readonly type: "lost" }
  /** Another window of this device took one's place. */
  | { readonly type: "replaced" }
  /** The call one was in is over. */
  | { readonly type: "ended" }
  /** One may not be in this space's calls any more. */
  | { readonly type: "removed" }
  | { readonly type: "leave" }
  | { readonly type: "retry" };

export type Effect =
  /** Get a ticket: into `only` if that call still lives, or into whichever lives or begins. */
  | { readonly type: "ask"; readonly only: string | null }
  | { readonly type: "connect"; readonly ticket: CallTicket }
  /** Let go of the connection, of this attempt and of any before it. */
  | { readonly type: "drop" }
  | { readonly type: "retryIn"; readonly ms: number }
  /** Tell the server that one leaves. */
  | { readonly type: "tellLeft"; readonly callId: string }
  /** It is over: let go of microphone and camera, and forget the way back. */
  | { readonly type: "release" };

type Step = { readonly state: State; readonly effects: readonly Effect[] };

export const initial: State = {
  phase: "waiting",
  why: null,
  end: null,
  callId: null,
  wasIn: false,
  attempt: 0,
  problem: null,
};

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3_000;
/** A build takes minutes; who waits for it asks now and then. */
const BUILDING_PAUSE_MS = 4_000;
/** A media server that has just died looks as if somebody had to mend it, and is back a moment later. */
const LONGEST_BROKEN_PAUSE_MS = 15_000;
const LONGEST_PAUSE_OF = { starting: LONGEST_PAUSE_MS, blocked: 8_000 };

const WHY: { readonly [code: string]: Why } = {
  "calls-building": "building",
  "calls-starting": "starting",
  "calls-failed": "broken",
};

/** How long to wait before the next attempt; chance (0 to 1) spreads those who lost the call together. */
export function pause(attempt: number, chance: number, longest: number = LONGEST_PAUSE_MS): number {
  return Math.round(Math.min(longest, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + chance / 2));
}

export function step(state: State, input: Input): Step {
  if (state.phase === "over") return afterEnd(state, input);
  switch (input.type) {
    case "enter":
    case "retry":
      return state.phase === "waiting" ? asking(state) : same(state);
    case "ticket":
      if (state.phase !== "asking") return same(state);
      return {
        state: { ...state, phase: "connecting", callId: input.ticket.call.id },
        effects: [{ type: "connect", ticket: input.ticket }],
      };
    case "refused":
      return state.phase === "asking" ? refused(state, input) : same(state);
    case "unreachable":
      return state.phase === "asking"
        ? waiting(state, "unreachable", pause(state.attempt, input.chance))
        : same(state);
    case "connected":
      if (state.phase !== "connecting") return same(state);
      return { state: { ...state, phase: "in", why: null, wasIn: true, attempt: 0 }, effects: [] };
    case "failed": {
      if (state.phase !== "connecting") return same(state);
      const { why, chance } = input;
      const after = waiting(state, why, pause(state.attempt, chance, LONGEST_PAUSE_OF[why]));
      return { state: after.state, effects: [{ type: "drop" }, ...after.effects] };
    }
    case "resuming":
      return same(state.phase === "in" ? { ...state, phase: "resuming" } : state);
    case "resumed":
      return same(state.phase === "resuming" ? { ...state, phase: "in" } : state);
    case "lost": {
      if (state.phase !== "in" && state.phase !== "resuming") return same(state);
      // At once: a media server that was started anew has been ready for a while when windows learn of it.
      const after = asking({ ...state, attempt: 0 });
      return { state: after.state, effects: [{ type: "drop" }, ...after.effects] };
    }
    case "replaced":
      return over(state, "elsewhere");
    case "ended":
      return over(state, "ended");
    case "removed":
      return over(state, "removed");
    case "leave": {
      const after = over(state, "left");
      return state.callId === null
        ? after
        : { state: after.state, effects: [{ type: "tellLeft", callId: state.callId }, ...after.effects] };
    }
  }
}

const same = (state: State): Step => ({ state, effects: [] });

const asking = (state: State): Step => ({
  state: { ...state, phase: "asking", problem: null },
  effects: [{ type: "ask", only: state.wasIn ? state.callId : null }],
});

const waiting = (state: State, why: Why, ms: number): Step => ({
  state: { ...state, phase: "waiting", why, attempt: state.attempt + 1 },
  effects: [{ type: "retryIn", ms }],
});

const over = (state: State, end: End, problem: ProblemDetails | null = null): Step => ({
  state: { ...state, phase: "over", why: null, end, problem },
  effects: [{ type: "drop" }, { type: "release" }],
});

function refused(state: State, { problem, chance }: Extract<Input, { type: "refused" }>): Step {
  const why = WHY[problem.code];
  if (why === "building") return waiting(state, why, BUILDING_PAUSE_MS);
  if (why === "broken") return waiting(state, why, pause(state.attempt, chance, LONGEST_BROKEN_PAUSE_MS));
  if (why === "starting" || problem.status >= 500) {
    return waiting(state, why ?? "unreachable", pause(state.attempt, chance));
  }
  if (problem.status === 429) return waiting(state, "unreachable", LONGEST_PAUSE_MS);
  if (problem.code === "call-full") return over(state, "full", problem);
  return over(state, state.wasIn ? "removed" : "refused", problem);
}

/** What is over stays over: whoever comes in again begins anew. */
function afterEnd(state: State, input: Input): Step {
  // That the call had ended was only the first sign that it had for oneself.
  return same(input.type === "removed" && state.end === "ended" ? { ...state, end: "removed" } : state);
}
