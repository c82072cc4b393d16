import { expect, test } from "vitest";
import type { LabelHolding, RuleView } from "#/core/api/schema";
import { opensSome } from "./opened";

const PROFILE = {} as NonNullable<RuleView["profile"]>;
const held = (...states: LabelHolding["state"][]): LabelHolding[] =>
  states.map((state) => ({ state }) as LabelHolding);

test("a hosting that is declared and closes everything has opened nothing", () => {
  expect(opensSome({ profile: null, holdings: held("closed", "closed") })).toBe(false);
  expect(opensSome({ profile: PROFILE, holdings: held("closed", "closed", "closed", "closed") })).toBe(false);
  expect(opensSome({ profile: PROFILE, holdings: held("open", "open", "closed", "closed") })).toBe(true);
});

test("what may only be read is there, and was opened once", () => {
  expect(opensSome({ profile: PROFILE, holdings: held("read-only", "closed") })).toBe(true);
});
