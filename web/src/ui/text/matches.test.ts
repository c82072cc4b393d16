import { describe, expect, test } from "vitest";
import { matches } from "./matches";

const seen = (text: string, wanted: string): string =>
  matches(text, wanted)
    .map((part) => (part.match ? `[${part.text}]` : part.text))
    .join("");

describe("what of a text matches what is looked for", () => {
  test("the beginnings of words, whatever accents, case and order", () => {
    expect(seen("Élodie Marchetti", "mar elo")).toBe("[Élo]die [Mar]chetti");
    expect(seen("Gaël Le Bihan", "GAEL")).toBe("[Gaël] Le Bihan");
    expect(seen("Jean-Baptiste", "bapt")).toBe("Jean-[Bapt]iste");
  });

  test("not what stands inside a word", () => {
    expect(seen("Marchetti", "chet")).toBe("Marchetti");
  });

  test("the longest of several", () => {
    expect(seen("Budget 2027", "b budg")).toBe("[Budg]et 2027");
  });

  test("ligatures and decomposed accents", () => {
    expect(seen("Cœur de ville", "coeu")).toBe("[Cœu]r de ville");
    expect(seen("Cœur de ville", "co")).toBe("[Cœ]ur de ville");
    expect(seen("E\u0301lodie", "el")).toBe("[Él]odie");
  });

  test("nothing looked for marks nothing", () => {
    expect(seen("Budget", " ")).toBe("Budget");
    expect(seen("", "b")).toBe("");
  });
});
