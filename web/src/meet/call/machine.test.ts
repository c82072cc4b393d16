import { describe, expect, test } from "vitest";
import type { CallTicket, ProblemDetails } from "#/core/api/schema";
import { seeded } from "#/test/things";
import { type Effect, type Input, initial, pause, type State, step } from "./machine";

const ticket = (id = "call"): CallTicket => ({
  call: { id, space_id: "space", started_by: "p", started_at: "2026-03-10T08:00:00Z", participants: [] },
  url: "ws://localhost",
  token: "t",
  may_speak: true,
});
const problem = (status: number, code: string): ProblemDetails => ({
  type: "about:blank",
  status,
  code,
  title: "",
});

function run(...inputs: Input[]): { state: State; effects: Effect[] } {
  return inputs.reduce<{ state: State; effects: Effect[] }>(
    (before, input) => {
      const { state, effects } = step(before.state, input);
      return { state, effects: [...before.effects, ...effects] };
    },
    { state: initial, effects: [] },
  );
}
const inside: Input[] = [{ type: "enter" }, { type: "ticket", ticket: ticket() }, { type: "connected" }];
const refused = (status: number, code: string): Input => ({
  type: "refused",
  problem: problem(status, code),
  chance: 1,
});

describe("a call", () => {
  test("in by a ticket", () => {
    const { state, effects } = run(...inside);
    expect(state).toMatchObject({ phase: "in", callId: "call", wasIn: true });
    expect(effects.map(({ type }) => type)).toEqual(["ask", "connect"]);
  });

  test("voices that are lost come back by a new ticket, at once, into this call only", () => {
    const { state, effects } = run(...inside, { type: "lost" });
    expect(state.phase).toBe("asking");
    expect(effects.slice(2)).toEqual([{ type: "drop" }, { type: "ask", only: "call" }]);
  });

  test("a short break of the signalling changes nothing for the voices", () => {
    const { state, effects } = run(...inside, { type: "resuming" }, { type: "resumed" });
    expect(state.phase).toBe("in");
    expect(effects).toHaveLength(2);
  });

  test.each([
    ["calls-building", "building"],
    ["calls-starting", "starting"],
    ["calls-failed", "broken"],
    ["unavailable", "unreachable"],
  ])("%s: waits and asks again by itself", (code, why) => {
    const { state, effects } = run({ type: "enter" }, refused(503, code), { type: "retry" });
    expect(state).toMatchObject({ phase: "asking", why });
    expect(effects.map(({ type }) => type)).toEqual(["ask", "retryIn", "ask"]);
  });

  test("full, refused from the first, removed after", () => {
    expect(run({ type: "enter" }, refused(409, "call-full")).state).toMatchObject({
      phase: "over",
      end: "full",
    });
    expect(run({ type: "enter" }, refused(403, "refused")).state.end).toBe("refused");
    expect(run(...inside, { type: "lost" }, refused(404, "not-found")).state.end).toBe("removed");
  });

  test("leaving tells the server, also on the way back in; what comes after changes nothing", () => {
    const { state, effects } = run(
      ...inside,
      { type: "lost" },
      { type: "leave" },
      { type: "ticket", ticket: ticket() },
    );
    expect(state).toMatchObject({ phase: "over", end: "left" });
    expect(effects.slice(-3)).toEqual([
      { type: "tellLeft", callId: "call" },
      { type: "drop" },
      { type: "release" },
    ]);
  });

  test("that the call ended was only the first sign of having been put out", () => {
    expect(run(...inside, { type: "ended" }, { type: "removed" }).state.end).toBe("removed");
    expect(run(...inside, { type: "replaced" }, { type: "removed" }).state.end).toBe("elsewhere");
  });

  test("pauses grow and stay short", () => {
    expect([0, 1, 2, 3, 9].map((attempt) => pause(attempt, 1))).toEqual([200, 400, 800, 1600, 3000]);
    expect(pause(9, 0)).toBe(1500);
  });

  test("whatever comes in whatever order: never two attempts at once, and the end is the end", () => {
    const random = seeded(11);
    const chance = 0.5;
    const all: Input[] = [
      { type: "enter" },
      { type: "ticket", ticket: ticket() },
      refused(503, "calls-starting"),
      { type: "unreachable", chance },
      { type: "connected" },
      { type: "failed", why: "blocked", chance },
      { type: "resuming" },
      { type: "resumed" },
      { type: "lost" },
      { type: "retry" },
      { type: "replaced" },
      { type: "leave" },
    ];
    for (let round = 0; round < 300; round += 1) {
      let state = initial;
      for (let count = 0; count < 40; count += 1) {
        const input = all[Math.floor(random() * all.length)] as Input;
        const before = state;
        const { state: after, effects } = step(before, input);
        const asks = effects.filter(({ type }) => type === "ask").length;
        expect(asks).toBe(after.phase === "asking" && before.phase !== "asking" ? 1 : 0);
        expect(effects.some(({ type }) => type === "retryIn")).toBe(
          after.phase === "waiting" && before.phase !== "waiting",
        );
        if (before.phase === "over") expect(after).toBe(before);
        if (after.phase === "in" || after.phase === "resuming") expect(after.callId).toBe("call");
        state = after;
      }
    }
  });
});
