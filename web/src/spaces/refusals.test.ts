import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RULES, refusingRule } from "./refusals";

describe("refusals", () => {
  test("every rule that the policy can refuse by has its words", () => {
    const source = readFileSync(`${import.meta.dirname}/../../../src/bastide/core/policy/words.py`, "utf8");
    const body = source.slice(source.indexOf("class RuleName"), source.indexOf("_ORDER"));
    const names = [...body.matchAll(/= "([a-z-]+)"/gu)].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(5);
    expect(new Set([...RULES, "allowed"])).toEqual(new Set(names));
  });

  test("what is not a rule's refusal is told otherwise", () => {
    expect(refusingRule({ code: "refused", rule: "role" })).toBe("role");
    expect(refusingRule({ code: "refused", rule: "of-tomorrow" })).toBeNull();
    expect(refusingRule({ code: "not-found" })).toBeNull();
  });
});
