import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Speakers } from "./speakers";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("by the media server and by their own word, the loudest first, each once", () => {
  const speakers = new Speakers(vi.fn(), vi.fn());
  speakers.told("c");
  speakers.hear(["b", "a"], "me");
  speakers.told("a");
  expect(speakers.speaking.get()).toEqual(["b", "a", "c"]);
  vi.advanceTimersByTime(2_000);
  expect(speakers.speaking.get()).toEqual(["b", "a"]);
  speakers.hear([], "me");
  expect(speakers.speaking.get()).toEqual([]);
  expect([...speakers.spokeAt.keys()].sort()).toEqual(["a", "b", "c"]);
});

test("whoever goes on telling goes on speaking", () => {
  const changed = vi.fn();
  const speakers = new Speakers(changed, vi.fn());
  for (let count = 0; count < 5; count += 1) {
    speakers.told("a");
    vi.advanceTimersByTime(1_100);
    expect(speakers.speaking.get()).toEqual(["a"]);
  }
  vi.advanceTimersByTime(1_000);
  expect(speakers.speaking.get()).toEqual([]);
});

test("one tells it while one speaks, and no longer", () => {
  const tell = vi.fn();
  const speakers = new Speakers(vi.fn(), tell);
  speakers.hear(["me"], "me");
  vi.advanceTimersByTime(3_400);
  expect(tell).toHaveBeenCalledTimes(4);
  speakers.hear(["a"], "me");
  vi.advanceTimersByTime(5_000);
  speakers.hear(["me"], "me");
  speakers.clear();
  vi.advanceTimersByTime(5_000);
  expect(tell).toHaveBeenCalledTimes(5);
});
