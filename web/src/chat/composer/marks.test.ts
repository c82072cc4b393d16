import { describe, expect, test } from "vitest";
import { continueList, type Replacement, type Selected, toggleMark } from "./marks";

/** « a [b] c »: what is selected stands in brackets; an empty selection is a bar. */
function written(text: string): Selected {
  const value = text.replaceAll(/[[\]|]/gu, "");
  const bar = text.indexOf("|");
  if (bar >= 0) return { value, from: bar, until: bar };
  return { value, from: text.indexOf("["), until: text.indexOf("]") - 1 };
}

function whole(text: string, act: (selected: Selected) => Replacement | null): string | null {
  const { value } = written(text);
  const done = act(written(text));
  if (!done) return null;
  const changed = value.slice(0, done.from) + done.text + value.slice(done.until);
  if (done.selectFrom === done.selectUntil) {
    return `${changed.slice(0, done.selectFrom)}|${changed.slice(done.selectFrom)}`;
  }
  const { selectFrom, selectUntil } = done;
  return `${changed.slice(0, selectFrom)}[${changed.slice(selectFrom, selectUntil)}]${changed.slice(selectUntil)}`;
}

describe("a mark around what is selected", () => {
  const bold = (text: string): string | null => whole(text, (selected) => toggleMark(selected, "**"));
  const italic = (text: string): string | null => whole(text, (selected) => toggleMark(selected, "*"));

  test("comes, and goes again", () => {
    expect(bold("un [mot] ici")).toBe("un **[mot]** ici");
    expect(bold("un **[mot]** ici")).toBe("un [mot] ici");
    expect(bold("un [**mot**] ici")).toBe("un [mot] ici");
  });

  test("leaves spaces outside", () => {
    expect(bold("un[ mot ]ici")).toBe("un **[mot]** ici");
  });

  test("with nothing selected, waits for what is typed", () => {
    expect(bold("un |")).toBe("un **|**");
    expect(bold("un **|**")).toBe("un |");
  });

  test("tells bold from italic", () => {
    expect(italic("**[mot]**")).toBe("***[mot]***");
    expect(italic("***[mot]***")).toBe("**[mot]**");
    expect(bold("*[mot]*")).toBe("***[mot]***");
    expect(bold("***[mot]***")).toBe("*[mot]*");
  });
});

describe("a list goes on by itself", () => {
  const next = (text: string): string | null => whole(text, continueList);

  test("with its mark, its number, its depth", () => {
    expect(next("- un|")).toBe("- un\n- |");
    expect(next("a\n  * un| deux")).toBe("a\n  * un\n  * | deux");
    expect(next("9. neuf|")).toBe("9. neuf\n10. |");
    expect(next("> dit|")).toBe("> dit\n> |");
  });

  test("until an empty line of it", () => {
    expect(next("- un\n- |")).toBe("- un\n|");
  });

  test("and nothing else does", () => {
    expect(next("un|")).toBeNull();
    expect(next("-un|")).toBeNull();
    expect(next("- [un]")).toBeNull();
  });
});
