import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Note } from "#/core/socket/machine";
import { Presences } from "./presence";

const told: Note[] = [];
let presences: Presences;

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  presences = new Presences((note) => told.push(note));
});
afterEach(() => {
  vi.useRealTimers();
});

describe("presence", () => {
  test("names everyone shown together, and again when that changes", () => {
    const stop = presences.watch("a");
    presences.watch("b");
    const again = presences.watch("a");
    vi.advanceTimersByTime(100);
    expect(told).toEqual([{ t: "watch", people: ["a", "b"] }]);
    stop();
    vi.advanceTimersByTime(100);
    expect(told).toHaveLength(1);
    again();
    vi.advanceTimersByTime(100);
    expect(told.at(-1)).toEqual({ t: "watch", people: ["b"] });
  });

  test("says nothing when a page leaves and the same people come back at once", () => {
    const stop = presences.watch("a");
    vi.advanceTimersByTime(100);
    stop();
    presences.watch("a");
    vi.advanceTimersByTime(100);
    expect(told).toHaveLength(1);
  });

  test("never names more than the server takes", () => {
    for (let index = 0; index < 700; index += 1) presences.watch(`p${index}`);
    vi.advanceTimersByTime(100);
    const [first] = told;
    expect(first?.t === "watch" && first.people).toHaveLength(500);
    expect(first?.t === "watch" && first.people.at(-1)).toBe("p699");
  });

  test("keeps what it hears, each person as they were last", () => {
    presences.receive({ t: "presence", here: ["a", "b"], busy: [], away: [], gone: ["c"] });
    presences.receive({ t: "presence", here: [], busy: ["a"], away: [], gone: [] });
    expect(presences.states.get()).toEqual({ a: "busy", b: "here", c: "gone" });
    presences.clear();
    expect(presences.states.get()).toEqual({});
  });
});
