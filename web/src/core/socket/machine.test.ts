import { describe, expect, test } from "vitest";
import type { AnyToWindow } from "#/core/api/schema";
import { type Effect, type Input, initial, pause, type Request, type State, step } from "./machine";

const ID = "018e0000-0000-7000-8000-000000000001";
const read = (ordinal: number): Request => ({ t: "chat.read", channel_id: ID, ordinal });
const welcome: AnyToWindow = {
  t: "welcome",
  v: 1,
  now: "2026-03-10T08:00:00Z",
  build: "b",
  rule: "r",
  spread: 8_000,
};

/** Runs inputs one after the other; gives the last state and every effect on the way. */
function run(inputs: readonly Input[], from: State = initial): { state: State; effects: Effect[] } {
  const effects: Effect[] = [];
  let state = from;
  for (const input of inputs) {
    const next = step(state, input);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

const OPEN: Input[] = [
  { type: "start" },
  { type: "opened", cursors: { [ID]: 4 } },
  { type: "received", frame: welcome },
];
const lost = (code = 1006): Input => ({ type: "closed", code, now: 1000, chance: 0.5 });
const sends = (effects: readonly Effect[]): unknown[] =>
  effects.flatMap((effect) => (effect.type === "send" ? [effect.frame] : []));

describe("the socket's client", () => {
  test("says hello with its cursors before anything else", () => {
    const { state, effects } = run([
      { type: "request", request: read(1) },
      { type: "note", note: { t: "away", away: true }, standing: true },
      ...OPEN,
    ]);
    expect(state.phase).toBe("open");
    expect(sends(effects)).toEqual([
      { t: "hello", v: 1, cursors: { [ID]: 4 } },
      { t: "away", away: true },
      { t: "chat.read", channel_id: ID, ordinal: 1, n: 1 },
    ]);
  });

  test("settles each request by its number, and only once", () => {
    const { effects, state } = run([
      ...OPEN,
      { type: "request", request: read(1) },
      { type: "request", request: read(2) },
      { type: "received", frame: { t: "done", n: 2, r: "two" } },
      {
        type: "received",
        frame: { t: "failed", n: 1, problem: { type: "x", status: 403, code: "refused", title: "Non" } },
      },
      { type: "received", frame: { t: "done", n: 2, r: "again" } },
    ]);
    expect(effects.filter(({ type }) => type === "answer" || type === "refuse")).toEqual([
      { type: "answer", n: 2, result: "two" },
      { type: "refuse", n: 1, problem: { type: "x", status: 403, code: "refused", title: "Non" } },
    ]);
    expect(state.pending).toEqual([]);
  });

  test("tells again, in order and under the same numbers, what was not answered before the line broke", () => {
    const broken = run([
      ...OPEN,
      { type: "request", request: read(1) },
      { type: "request", request: read(2) },
      { type: "received", frame: { t: "done", n: 1 } },
      lost(),
      { type: "request", request: read(3) },
    ]);
    const again = run(
      [{ type: "retry" }, { type: "opened", cursors: {} }, { type: "received", frame: welcome }],
      broken.state,
    );
    expect(sends(again.effects).slice(1)).toEqual([
      { ...read(2), n: 2 },
      { ...read(3), n: 3 },
    ]);
  });

  test("never has more in flight than the server takes", () => {
    const many: Input[] = Array.from({ length: 100 }, (_, index) => ({
      type: "request",
      request: read(index),
    }));
    const full = run([...OPEN, ...many]);
    expect(sends(full.effects)).toHaveLength(1 + 32);
    const next = run([{ type: "received", frame: { t: "done", n: 1 } }], full.state);
    expect(sends(next.effects)).toHaveLength(1);
  });

  test("forgets a request that was abandoned", () => {
    const { state, effects } = run([
      { type: "start" },
      { type: "request", request: read(1) },
      { type: "abandon", n: 1 },
      { type: "opened", cursors: {} },
      { type: "received", frame: welcome },
    ]);
    expect(state.pending).toEqual([]);
    expect(sends(effects)).toHaveLength(1);
  });

  test("waits longer after each failure, and starts again from the beginning once a connection held", () => {
    const pauses: number[] = [];
    let state = run([{ type: "start" }]).state;
    for (let index = 0; index < 9; index += 1) {
      const next = run([lost(), { type: "retry" }], state);
      state = next.state;
      for (const effect of next.effects) if (effect.type === "retryIn") pauses.push(effect.ms);
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 2000, 2000, 2000, 2000, 2000]);
    const held = run(
      [{ type: "opened", cursors: {} }, { type: "received", frame: welcome }, { type: "settled" }, lost()],
      state,
    );
    expect(held.effects).toContainEqual({ type: "retryIn", ms: 500 });
  });

  test("spreads attempts by chance over the whole pause", () => {
    const ends = (attempt: number, spread: number): readonly number[] => [
      pause(attempt, 0, spread),
      pause(attempt, 1, spread),
    ];
    // A town is back within two seconds; a house of 80,000 takes its time, and a line lost alone is tried sooner.
    expect([ends(0, 2_000), ends(20, 2_000)]).toEqual([
      [0, 300],
      [0, 2_000],
    ]);
    expect([ends(0, 30_000), ends(20, 30_000)]).toEqual([
      [0, 3_750],
      [0, 30_000],
    ]);
    // Hours without a server are not spent asking every second.
    expect(ends(60, 2_000)).toEqual([0, 10_000]);
  });

  test("asks whether the session still holds only when the socket did not open", () => {
    const refused = run([{ type: "start" }, lost()]);
    expect(refused.effects).toContainEqual({ type: "checkSession" });
    const broken = run([...OPEN, lost()]);
    expect(broken.effects).not.toContainEqual({ type: "checkSession" });
  });

  test("signs out when the server says so, and keeps nothing", () => {
    const { state, effects } = run([...OPEN, { type: "request", request: read(1) }, lost(4401)]);
    expect(effects).toContainEqual({ type: "signedOut" });
    expect(state).toMatchObject({ phase: "off", pending: [], standing: {} });
  });

  test("gives up when it is too old for the server", () => {
    const { state } = run([...OPEN, lost(4426), { type: "retry" }]);
    expect(state.phase).toBe("outdated");
  });

  test("heeds why it was closed", () => {
    const retry = (code: number, chance: number): number | undefined =>
      run([...OPEN, { type: "closed", code, now: 0, chance }]).effects.flatMap((effect) =>
        effect.type === "retryIn" ? [effect.ms] : [],
      )[0];
    expect([1006, 1012, 4408, 1013, 4400, 4429].map((code) => retry(code, 0))).toEqual([
      0, 500, 1000, 1000, 10_000, 15_000,
    ]);
    expect([1006, 1012, 4408, 1013, 4400, 4429].map((code) => retry(code, 1))).toEqual([
      1000, 8500, 2000, 9000, 20_000, 30_000,
    ]);
  });

  test("a window that made room for another comes back at once when it is looked at", () => {
    const sent = run([...OPEN, lost(4429)]);
    expect(sent.state.phase).toBe("waiting");
    expect(sent.effects).not.toContainEqual({ type: "checkSession" });
    const seen = run([...OPEN, lost(4429), { type: "suspect", patience: 3000 }]);
    expect(seen.state.phase).toBe("connecting");
  });

  test("a line that is broken is dropped and opened again at once", () => {
    const { state, effects } = run([...OPEN, { type: "broken", now: 5, chance: 0 }]);
    expect(state).toMatchObject({ phase: "connecting", lostAt: 5 });
    expect(effects.slice(-2)).toEqual([{ type: "disconnect" }, { type: "connect" }]);
    const waiting = run([...OPEN, lost(), { type: "broken", now: 5, chance: 0 }]);
    expect(waiting.state.phase).toBe("connecting");
    expect(waiting.state.lostAt).toBe(1000);
  });

  test("asks a line it suspects, once, and drops it when nothing comes", () => {
    const asked = run([...OPEN, { type: "suspect", patience: 40 }, { type: "suspect", patience: 40 }]);
    expect(sends(asked.effects).slice(1)).toEqual([{ t: "ping", n: 1 }]);
    expect(asked.effects.at(-1)).toEqual({ type: "expireIn", ms: 40 });
    const dead = run([{ type: "expired", now: 7, chance: 0 }], asked.state);
    expect(dead.state).toMatchObject({ phase: "connecting", lostAt: 7, asked: false });
    expect(dead.effects).toEqual([{ type: "disconnect" }, { type: "connect" }]);
  });

  test("any frame shows that the line carries", () => {
    const frames: AnyToWindow[] = [
      { t: "done", n: 1 },
      { t: "presence", here: [ID] },
    ];
    for (const frame of frames) {
      const { state } = run([
        ...OPEN,
        { type: "suspect", patience: 40 },
        { type: "received", frame },
        { type: "expired", now: 7, chance: 0 },
      ]);
      expect(state.phase).toBe("open");
    }
  });

  test("a suspicion ends a pause", () => {
    expect(run([...OPEN, lost(), { type: "suspect", patience: 40 }]).state.phase).toBe("connecting");
  });

  test("goes on trying without a network: browsers are wrong about it at times", () => {
    const away = run([{ type: "network", online: false }, ...OPEN]);
    expect(away.state).toMatchObject({ phase: "open", online: true });
    const gone = run([...OPEN, { type: "network", online: false }, lost(), { type: "retry" }]);
    expect(gone.state).toMatchObject({ phase: "connecting", online: false });
  });

  test("remembers since when it is offline through every failed attempt, and forgets once it is back", () => {
    const away = run([
      ...OPEN,
      lost(),
      { type: "retry" },
      { type: "closed", code: 1006, now: 9000, chance: 0 },
    ]);
    expect(away.state.lostAt).toBe(1000);
    const back = run(
      [{ type: "retry" }, { type: "opened", cursors: {} }, { type: "received", frame: welcome }],
      away.state,
    );
    expect(back.state.lostAt).toBeNull();
  });

  test("tells on each new connection what still holds, and nothing of what was fleeting", () => {
    const { state } = run([
      ...OPEN,
      { type: "note", note: { t: "watch", people: [ID] }, standing: true },
      { type: "note", note: { t: "chat.typing", channel_id: ID }, standing: false },
      lost(),
      { type: "note", note: { t: "watch", people: [] }, standing: true },
      { type: "note", note: { t: "chat.typing", channel_id: ID }, standing: false },
    ]);
    const again = run(
      [{ type: "retry" }, { type: "opened", cursors: {} }, { type: "received", frame: welcome }],
      state,
    );
    expect(sends(again.effects).slice(1)).toEqual([{ t: "watch", people: [] }]);
  });

  test("what comes late, after a stop, changes nothing", () => {
    const { state, effects } = run([
      ...OPEN,
      { type: "stop" },
      { type: "received", frame: welcome },
      lost(),
      { type: "retry" },
    ]);
    expect(state.phase).toBe("off");
    expect(effects.at(-1)).toEqual({ type: "disconnect" });
  });
});
