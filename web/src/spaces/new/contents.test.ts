import { describe, expect, test } from "vitest";
import en from "#/core/i18n/en";
import fr from "#/core/i18n/fr";
import { byReason, type ContentKind, fits, labelOf, mayPick, tooStrict } from "./contents";

const of = (...kinds: ContentKind[]): ReadonlySet<ContentKind> => new Set(kinds);

describe("the label that follows from what is put in", () => {
  test("is the strictest that a tick asks for, and says which ticks", () => {
    expect(labelOf(of("published"), null)).toMatchObject({ label: "public", because: ["published"] });
    expect(labelOf(of("secret", "daily", "persons"), null)).toMatchObject({
      label: "sensitive",
      because: ["persons", "secret"],
      raised: false,
    });
    expect(labelOf(of("marked", "persons"), null)).toMatchObject({
      label: "restricted",
      because: ["marked"],
    });
  });

  test("is the usual one with nothing ticked, or any that one picks", () => {
    expect(labelOf(of(), null)).toEqual({ label: "internal", asked: null, because: [], raised: false });
    expect(labelOf(of(), "internal")).toMatchObject({ label: "internal", raised: false });
    expect(labelOf(of(), "public")).toMatchObject({ label: "public", raised: true });
  });

  test("may be picked stricter, never less strict", () => {
    expect(labelOf(of("daily"), "sensitive")).toMatchObject({ label: "sensitive", raised: true });
    expect(labelOf(of("persons"), "internal")).toMatchObject({ label: "sensitive", raised: false });
    expect(
      ["public", "internal", "sensitive", "restricted"].map((label) => mayPick(label as never, "sensitive")),
    ).toEqual([false, false, true, true]);
    expect(mayPick("public", null)).toBe(true);
  });

  test("a pick that is overtaken by a tick comes back when the tick goes", () => {
    expect(labelOf(of("daily", "marked"), "sensitive").label).toBe("restricted");
    expect(labelOf(of("daily"), "sensitive").label).toBe("sensitive");
  });
});

test("the secrets that the law protects and what the State's essential missions need are two families, each of which is sensitive", () => {
  expect(labelOf(of("missions"), null)).toMatchObject({ label: "sensitive", because: ["missions"] });
  expect(labelOf(of("missions", "secret"), null).because).toEqual(["secret", "missions"]);
  for (const { secret, missions } of [fr.spaces.content, en.spaces.content]) {
    expect(secret.detail).not.toMatch(/missions|duties/u);
    expect(missions.label).toMatch(/essenti/u);
  }
});

test("one enters freely up to internal", () => {
  expect(fits("community", "internal")).toBe(true);
  expect(fits("community", "sensitive")).toBe(false);
  expect(fits("team", "restricted")).toBe(true);
  expect(tooStrict(of("daily", "secret", "marked"))).toEqual(["secret", "marked"]);
});

describe("why labels cannot be", () => {
  const all = ["public", "internal", "sensitive", "restricted"] as const;

  test("is said once for all that share it", () => {
    expect(byReason(all, { sensitive: "no approval", restricted: "no approval" })).toEqual([
      ["no approval", ["sensitive", "restricted"]],
    ]);
    expect(byReason(all, { sensitive: "ceiling", restricted: "cloud" })).toHaveLength(2);
  });

  test("and not at all where it is told in full elsewhere", () => {
    const undeclared = Object.fromEntries(all.map((label) => [label, "undeclared"]));
    expect(byReason(all, undeclared, "undeclared")).toEqual([]);
    expect(byReason(all, { ...undeclared, restricted: "cloud" }, "undeclared")).toEqual([
      ["cloud", ["restricted"]],
    ]);
  });
});
