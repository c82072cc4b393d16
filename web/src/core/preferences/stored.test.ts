import { afterEach, expect, test } from "vitest";
import { keepNothing, keepsNothing, readPreference, writePreference } from "./stored";

afterEach(() => {
  keepNothing(false);
  localStorage.clear();
  sessionStorage.clear();
});

test("on a shared machine nothing reaches the disk, and what is chosen lasts as long as the page", () => {
  keepNothing(true);
  expect(keepsNothing()).toBe(true);
  writePreference("drafts", "Bonjour Agathe", "tab");
  writePreference("theme", "dark");
  expect([readPreference("drafts", "tab"), readPreference("theme")]).toEqual(["Bonjour Agathe", "dark"]);
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).toBe("[{},{}]");
});

test("whoever comes after finds nothing of it", () => {
  keepNothing(true);
  writePreference("drafts", "Bonjour Agathe", "tab");
  keepNothing(false);
  expect(readPreference("drafts", "tab")).toBeNull();
  writePreference("theme", "dark");
  expect(localStorage.getItem("bastide.theme")).toBe("dark");
});

test("what lies there already is still read, and can be taken away", () => {
  writePreference("theme", "dark");
  keepNothing(true);
  expect(readPreference("theme")).toBe("dark");
  writePreference("theme", null);
  expect(readPreference("theme")).toBeNull();
  expect(localStorage.getItem("bastide.theme")).toBeNull();
});
