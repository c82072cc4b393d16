import { expect, test } from "vitest";
import { answers, ranked } from "./ranked";

test("whom one wrote to last comes first, the others stay in their order", () => {
  expect(ranked(["a", "b", "c", "d"], ["d", "b"])).toEqual(["d", "b", "a", "c"]);
});

test("whom one wrote to but was not looking for does not come in", () => {
  expect(ranked(["a"], ["z"])).toEqual(["a"]);
});

test("nobody stands there twice", () => {
  expect(ranked(["a", "b", "a"], [])).toEqual(["a", "b"]);
});

test("a name answers to the beginnings of its words in any order", () => {
  expect(answers("Élodie Marchetti", "march el")).toBe(true);
  expect(answers("Élodie Marchetti", "odie")).toBe(false);
  expect(answers("Élodie Marchetti", "élodie martin")).toBe(false);
  expect(answers("Élodie Marchetti", "  ")).toBe(true);
});
