import { expect, test, vi } from "vitest";
import { attended } from "./attention";

test("a window that is hidden or not written in is not looked at", () => {
  const focus = vi.spyOn(document, "hasFocus").mockReturnValue(true);
  window.dispatchEvent(new Event("focus"));
  expect(attended.get()).toBe(true);
  focus.mockReturnValue(false);
  window.dispatchEvent(new Event("blur"));
  expect(attended.get()).toBe(false);
  focus.mockReturnValue(true);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(attended.get()).toBe(false);
});
