import { expect, test } from "vitest";
import { reasonTrouble } from "./reason";

test("a reason is counted as the server counts it", () => {
  expect(reasonTrouble("          ")).toEqual({ short: 10 });
  expect(reasonTrouble("  neuf car ")).toEqual({ short: 2 });
  expect(reasonTrouble("dix signes")).toBeNull();
  expect(reasonTrouble("😀".repeat(10))).toBeNull();
  expect(reasonTrouble("x".repeat(500))).toBeNull();
  expect(reasonTrouble("x".repeat(503))).toEqual({ long: 3 });
});
