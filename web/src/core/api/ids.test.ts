import { expect, test } from "vitest";
import { newId } from "./ids";

test("ids are of version 7, sort by time and do not repeat", () => {
  const at = Date.UTC(2026, 2, 10, 8, 30);
  expect(newId(at)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
  expect(Number.parseInt(newId(at).replaceAll("-", "").slice(0, 12), 16)).toBe(at);
  expect(newId(at) < newId(at + 1)).toBe(true);
  expect(new Set(Array.from({ length: 1000 }, () => newId(at))).size).toBe(1000);
});
