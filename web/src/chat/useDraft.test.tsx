import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keeper } from "#/core/journal/live";
import { draftOf } from "#/core/session/drafts";
import { ME } from "#/test/things";
import { useDraft } from "./useDraft";

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  keeper.house.set({
    me: ME,
    cursors: {},
    organisations: {},
    people: {},
    spaces: {},
    channels: {},
    calls: {},
    holdings: {},
    rule: "r",
  });
});
afterEach(() => vi.useRealTimers());

test("a draft stays with its channel, and is kept soon, or at once when one leaves", () => {
  const { result, rerender, unmount } = renderHook(({ channel }) => useDraft(channel), {
    initialProps: { channel: "général" },
  });
  act(() => result.current[1]("Bonj"));
  act(() => result.current[1]("Bonjour"));
  expect([result.current[0], draftOf(ME, "général")]).toEqual(["Bonjour", ""]);
  act(() => vi.advanceTimersByTime(400));
  expect(draftOf(ME, "général")).toBe("Bonjour");
  act(() => result.current[1]("Bonjour à tous"));
  rerender({ channel: "digues" });
  expect([result.current[0], draftOf(ME, "général")]).toEqual(["", "Bonjour à tous"]);
  act(() => result.current[1]("Le batardeau"));
  unmount();
  expect(draftOf(ME, "digues")).toBe("Le batardeau");
});

test("what was sent does not come back", () => {
  const { result } = renderHook(() => useDraft("général"));
  act(() => result.current[1]("Bonjour"));
  act(() => result.current[1](""));
  act(() => vi.advanceTimersByTime(5_000));
  expect(draftOf(ME, "général")).toBe("");
});
