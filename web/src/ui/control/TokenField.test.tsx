import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactElement, useState } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { startLanguage } from "#/core/i18n/i18n";
import { TokenField } from "./TokenField";

const TOWNS = ["Castelbrac", "Montrevel", "Pont-Lévy"];
const onEnter = vi.fn();

function Towns({ full }: { full?: string }): ReactElement {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [query, setQuery] = useState("");
  const token = (town: string) => ({ item: town, id: town, name: town });
  return (
    <TokenField
      label="Communes"
      chosen={chosen.map(token)}
      onChosen={setChosen}
      query={query}
      onQuery={setQuery}
      onEnter={onEnter}
      {...(full && { full })}
      empty="Aucune"
      options={TOWNS.filter(
        (town) => !chosen.includes(town) && town.toLowerCase().startsWith(query.toLowerCase()),
      ).map((town) => ({ ...token(town), row: town, ...(town === "Montrevel" && { refused: "déjà là" }) }))}
    />
  );
}

const field = (): HTMLElement => screen.getByRole("combobox");
const active = (): string | null => {
  const id = field().getAttribute("aria-activedescendant");
  return id === null ? null : (document.getElementById(id)?.textContent ?? "not there");
};
const chosen = (): (string | null)[] =>
  screen.queryAllByRole("button", { name: /Retirer/u }).map((button) => button.getAttribute("aria-label"));

beforeEach(async () => {
  await startLanguage("fr");
  // happy-dom lays nothing out.
  Element.prototype.scrollIntoView = () => undefined;
  onEnter.mockClear();
});

describe("a field of tokens", () => {
  test("typing offers the first, Enter takes it and leaves the field empty", async () => {
    render(<Towns />);
    await userEvent.type(field(), "pont");
    expect(active()).toBe("Pont-Lévy");
    await userEvent.keyboard("{Enter}");
    expect(chosen()).toEqual(["Retirer Pont-Lévy"]);
    expect(field()).toHaveProperty("value", "");
    expect(document.activeElement).toBe(field());
    expect(field().getAttribute("aria-expanded")).toBe("false");
  });

  test("arrows open the list, go round it, and Esc closes it", async () => {
    render(<Towns />);
    await userEvent.click(field());
    await userEvent.keyboard("{Escape}{ArrowDown}");
    expect(field().getAttribute("aria-expanded")).toBe("true");
    // With nothing typed Enter must not take somebody whom one did not go to.
    expect(active()).toBeNull();
    await userEvent.keyboard("{ArrowUp}");
    expect(active()).toBe("Pont-Lévy");
    await userEvent.keyboard("{ArrowDown}");
    expect(active()).toBe("Castelbrac");
    await userEvent.keyboard("{Escape}");
    expect(field().getAttribute("aria-expanded")).toBe("false");
  });

  test("who is refused stands there with the reason and is not taken", async () => {
    render(<Towns />);
    await userEvent.type(field(), "mont{Enter}");
    expect(screen.getByRole("option").textContent).toContain("déjà là");
    expect(chosen()).toEqual([]);
    expect(onEnter).not.toHaveBeenCalled();
  });

  test("Backspace in the empty field takes the last one out", async () => {
    render(<Towns />);
    await userEvent.type(field(), "cast{Enter}pont{Enter}");
    expect(chosen()).toHaveLength(2);
    await userEvent.keyboard("{Backspace}");
    expect(chosen()).toEqual(["Retirer Castelbrac"]);
  });

  test("Enter sends only when nothing is typed", async () => {
    render(<Towns />);
    await userEvent.type(field(), "zzz{Enter}");
    expect(onEnter).not.toHaveBeenCalled();
    expect(screen.getByText("Aucune", { selector: "p" })).toBeTruthy();
    await userEvent.clear(field());
    await userEvent.keyboard("{Enter}");
    expect(onEnter).toHaveBeenCalledTimes(1);
  });

  test("when it is full it says so and offers nothing", async () => {
    render(<Towns full="Neuf au plus" />);
    await userEvent.click(field());
    expect(screen.getByText("Neuf au plus")).toBeTruthy();
    expect(screen.queryByRole("option")).toBeNull();
  });
});
