import { describe, expect, test } from "vitest";
import en from "#/core/i18n/en/refusals.json";
import fr from "#/core/i18n/fr/refusals.json";
import given from "#/test/refusals.json";
import { REASONS, RULES, refusingRule, verdict, verdictOf, WAYS } from "./refusals";

// The list is written by the server's own tests: a refusal that is added there fails here until it has its words.
describe.each([
  ["French", fr],
  ["English", en],
])("in %s", (_, words) => {
  test.each(given.map((one) => [one.rule, one.reason, one] as const))(
    "%s, %s has its words",
    (...[, , one]) => {
      const told = verdictOf({ code: "refused", ...one });
      expect(told).toEqual({ rule: one.rule, reason: one.reason, source: one.source, ways: one.ways });
      if (!told?.reason || !told.source) throw new Error("a word is unknown");
      expect(words.title.rule[told.rule]).toMatch(/\S/u);
      expect(words.rule[told.rule]).toMatch(/\S/u);
      expect(words.why[told.reason]).toMatch(/[.]$/u);
      expect(words.by[told.source]).toContain("{{rule}}");
      for (const way of told.ways) expect(words.way[way].title).toMatch(/\S/u);
    },
  );
});

test("what the window knows is what the server says, and no more", () => {
  const all = <Key extends "rule" | "reason">(key: Key) => new Set(given.map((one) => one[key]));
  expect(new Set<string>(RULES)).toEqual(all("rule"));
  expect(new Set<string>(REASONS)).toEqual(all("reason"));
  expect(new Set<string>(WAYS)).toEqual(new Set(given.flatMap(({ ways }) => ways)));
});

test("what the window tells before anything was tried is told as the server would", () => {
  for (const one of given) {
    const told = verdictOf({ code: "refused", ...one });
    if (told) expect(verdict(told.rule, one.reason)).toEqual(told);
  }
});

test("what is not a rule's refusal is told otherwise", () => {
  expect(refusingRule({ code: "refused", rule: "role" })).toBe("role");
  expect(refusingRule({ code: "refused", rule: "of-tomorrow" })).toBeNull();
  expect(refusingRule({ code: "not-found" })).toBeNull();
  expect(verdictOf({ code: "refused", rule: "role", reason: "of-tomorrow", source: "of-tomorrow" })).toEqual({
    rule: "role",
    reason: null,
    source: null,
    ways: [],
  });
});
