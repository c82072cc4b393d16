import { expect, test } from "vitest";
import { ProblemError } from "#/core/api/errors";
import { waitOf } from "./useWait";

const refusal = (seconds?: number): ProblemError =>
  new ProblemError({
    type: "urn:bastide:problem:too-many",
    status: 429,
    code: "too-many",
    title: "Trop de tentatives.",
    ...(seconds !== undefined && { retry_after_s: seconds }),
  });

test("a refusal is counted from the moment it came, to nothing and not below", () => {
  const error = refusal(90.4);
  expect(waitOf(error, 1_000)).toBe(91);
  expect(waitOf(error, 61_000)).toBe(31);
  expect(waitOf(error, 500_000)).toBe(0);
  // The next refusal begins anew.
  expect(waitOf(refusal(10), 500_000)).toBe(10);
});

test("what asks for no patience gets none", () => {
  expect([waitOf(refusal(), 0), waitOf(new Error("x"), 0), waitOf(null, 0)]).toEqual([0, 0, 0]);
});
