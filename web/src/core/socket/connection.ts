import { ProblemError } from "#/core/api/errors";
import type { AnyToWindow } from "#/core/api/schema";
import { createStore } from "#/core/store";
import {
  type Effect,
  type Input,
  initial,
  type Note,
  type Phase,
  type Request,
  type State,
  step,
} from "./machine";

/** What the connection needs of the world around it; tests bring their own. */
export type Outside = {
  /** Where the socket is. */
  readonly url: string;
  /** The last seq one has of each stream, asked for at each hello. */
  readonly cursors: () => { readonly [stream: string]: number };
  readonly deliver: (frame: AnyToWindow) => void;
  readonly checkSession: () => void;
  readonly signedOut: () => void;
};

export type Line = {
  readonly phase: Phase;
  /** Since when there is no connection; null while there is one. */
  readonly lostAt: number | null;
  /** Whether the browser says that there is a network. */
  readonly online: boolean;
};

export type Connection = {
  readonly line: { get: () => Line; subscribe: (listener: () => void) => () => void };
  start: () => void;
  stop: () => void;
  /** Asks, and gives the answer's result; rejects with ProblemError. It outlives lost connections. */
  request: (request: Request, signal?: AbortSignal) => Promise<unknown>;
  /** Tells what needs no answer, if the line is open. */
  tell: (note: Note) => void;
  /** Tells what holds until told otherwise, now and on every new connection. */
  keepTelling: (note: Note) => void;
  /** Ends a pause: tries now. */
  retry: () => void;
};

const NORMAL = 1000;
/** A timer this much late means that the machine slept. */
const SLEPT_MS = 20_000;
const BEAT_MS = 5_000;
/** After this much silence the line is asked whether it still carries: the transport's own pings do not show here. */
const SILENCE_MS = 50_000;
const PATIENCE_MS = 10_000;
/** Longest that a socket may take to open and to be welcomed. */
const OPENING_MOST_MS = 15_000;
/** When there is a reason to doubt it. */
const SHORT_PATIENCE_MS = 3_000;

/** The window's one socket: does what the machine says, and tells the machine what happens. */
export function createConnection(outside: Outside): Connection {
  let state: State = initial;
  let socket: WebSocket | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let settleTimer: ReturnType<typeof setTimeout> | undefined;
  let expireTimer: ReturnType<typeof setTimeout> | undefined;
  let beat: ReturnType<typeof setInterval> | undefined;
  let lastBeat = Date.now();
  let lastHeard = Date.now();
  let triedAt = Date.now();
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  const line = createStore<Line>({ phase: "off", lostAt: null, online: true });

  function take(input: Input): void {
    const before = state.pending;
    const next = step(state, input);
    state = next.state;
    for (const effect of next.effects) perform(effect);
    if (before.length > 0 && state.pending.length === 0 && state.phase === "off") abandonAll();
    const seen = line.get();
    const { phase, lostAt, online } = state;
    if (seen.phase !== phase || seen.lostAt !== lostAt || seen.online !== online) {
      line.set({ phase, lostAt, online });
    }
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case "connect":
        clearTimeout(retryTimer);
        open();
        return;
      case "disconnect":
        clearTimeout(retryTimer);
        clearTimeout(settleTimer);
        clearTimeout(expireTimer);
        drop();
        return;
      case "send":
        // One that is closing takes nothing more; what waits for an answer is told again on the next one.
        if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(effect.frame));
        return;
      case "retryIn":
        clearTimeout(retryTimer);
        clearTimeout(settleTimer);
        retryTimer = setTimeout(() => take({ type: "retry" }), effect.ms);
        return;
      case "settleIn":
        clearTimeout(settleTimer);
        settleTimer = setTimeout(() => take({ type: "settled" }), effect.ms);
        return;
      case "expireIn":
        clearTimeout(expireTimer);
        expireTimer = setTimeout(() => take({ type: "expired", ...moment() }), effect.ms);
        return;
      case "deliver":
        outside.deliver(effect.frame);
        return;
      case "answer":
        waiting.get(effect.n)?.resolve(effect.result);
        waiting.delete(effect.n);
        return;
      case "refuse":
        waiting.get(effect.n)?.reject(new ProblemError(effect.problem));
        waiting.delete(effect.n);
        return;
      case "checkSession":
        outside.checkSession();
        return;
      case "signedOut":
        outside.signedOut();
        return;
    }
  }

  function open(): void {
    drop();
    triedAt = Date.now();
    const mine = new WebSocket(outside.url);
    socket = mine;
    const current = (): boolean => socket === mine;
    mine.onopen = () => {
      if (current()) take({ type: "opened", cursors: outside.cursors() });
    };
    mine.onmessage = ({ data }) => {
      if (!current() || typeof data !== "string") return;
      lastHeard = Date.now();
      take({ type: "received", frame: JSON.parse(data) });
    };
    mine.onclose = ({ code }) => {
      if (!current()) return;
      socket = null;
      take({ type: "closed", code, ...moment() });
    };
  }

  /** Lets go of the socket; nothing it still says is heard. */
  function drop(): void {
    const old = socket;
    socket = null;
    old?.close(NORMAL);
  }

  function abandonAll(): void {
    for (const { reject } of waiting.values()) reject(new DOMException("signed out", "AbortError"));
    waiting.clear();
  }

  const suspect = (patience: number): void => take({ type: "suspect", patience });

  function onBeat(): void {
    const now = Date.now();
    // Timers of a hidden page are slowed down, but not by this much: the machine slept, and the line with it.
    const slept = now - lastBeat > BEAT_MS + SLEPT_MS && document.visibilityState === "visible";
    lastBeat = now;
    if (slept) take({ type: "broken", ...moment() });
    else if (state.phase === "open" && now - lastHeard > SILENCE_MS) suspect(PATIENCE_MS);
    else if (state.phase === "connecting" && now - triedAt > OPENING_MOST_MS) lose();
  }

  function onVisible(): void {
    // Whoever comes back to a page looks at it: a line that died meanwhile should not keep them waiting.
    if (document.visibilityState === "visible" && Date.now() - lastHeard > BEAT_MS)
      suspect(SHORT_PATIENCE_MS);
  }

  function onOnline(): void {
    take({ type: "network", online: true });
    suspect(SHORT_PATIENCE_MS);
  }

  function onOffline(): void {
    take({ type: "network", online: false });
    // The system knows that there is no network; the socket may not find out for minutes.
    lose();
  }

  /** Gives the socket up, without waiting for it to notice. */
  function lose(): void {
    if (!socket) return;
    drop();
    take({ type: "closed", code: 1006, ...moment() });
  }

  return {
    line,
    start() {
      window.addEventListener("online", onOnline);
      window.addEventListener("offline", onOffline);
      document.addEventListener("visibilitychange", onVisible);
      clearInterval(beat);
      lastBeat = Date.now();
      beat = setInterval(onBeat, BEAT_MS);
      take({ type: "start" });
    },
    stop() {
      window.removeEventListener("online", onOnline);
      window.removeEventListener("offline", onOffline);
      document.removeEventListener("visibilitychange", onVisible);
      clearInterval(beat);
      take({ type: "stop" });
      abandonAll();
    },
    request(request, signal) {
      const n = state.nextNumber;
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        signal?.addEventListener("abort", () => {
          if (!waiting.delete(n)) return;
          take({ type: "abandon", n });
          reject(signal.reason);
        });
        waiting.set(n, { resolve, reject });
        take({ type: "request", request });
      });
    },
    tell: (note) => take({ type: "note", note, standing: false }),
    keepTelling: (note) => take({ type: "note", note, standing: true }),
    retry: () => suspect(SHORT_PATIENCE_MS),
  };
}

const moment = (): { now: number; chance: number } => ({ now: Date.now(), chance: Math.random() });
