import { expect, test } from "vitest";
import { isLong } from "../list/fold";
import { leftOf, lengthOf, TEXT_MOST } from "./length";

test("length is counted as the server counts it", () => {
  expect(lengthOf("é👍")).toBe(3);
  // Near the limit each character counts once, however many units it takes.
  expect(lengthOf("👍".repeat(TEXT_MOST))).toBe(TEXT_MOST);
});

test("what is left is said near the limit only", () => {
  expect(leftOf("x".repeat(TEXT_MOST * 0.9))).toBeNull();
  expect(leftOf("x".repeat(TEXT_MOST - 100))).toBe(100);
  expect(leftOf("👍".repeat(TEXT_MOST))).toBe(0);
  expect(leftOf("x".repeat(TEXT_MOST + 12))).toBe(-12);
});

test("a message is long by its words or by its lines", () => {
  expect(isLong("mot ".repeat(3000))).toBe(true);
  expect(isLong("a\n".repeat(30))).toBe(true);
  expect(isLong("a\n".repeat(10))).toBe(false);
  expect(isLong("")).toBe(false);
});
