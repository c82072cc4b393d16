import { render, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { Formatted, fewPictograms } from "./Formatted";

describe("what someone wrote, shown", () => {
  test("links open beside, and give nothing away", () => {
    render(<Formatted text="Voir https://exemple.fr/a et crue@exemple.fr" />);
    const [web, mail] = screen.getAllByRole("link");
    expect([web?.getAttribute("href"), mail?.getAttribute("href")]).toEqual([
      "https://exemple.fr/a",
      "mailto:crue@exemple.fr",
    ]);
    expect([web?.getAttribute("target"), web?.getAttribute("rel")]).toEqual([
      "_blank",
      "noopener noreferrer",
    ]);
  });

  test("nothing written becomes an element", () => {
    const hostile = `<img src=x onerror=alert(1)> <script>alert(1)</script> [a](javascript:alert(1)) " onload="x`;
    const { container } = render(<Formatted text={hostile} />);
    expect(container.textContent).toBe(hostile);
    expect([...container.querySelectorAll("*")].map(({ tagName }) => tagName)).toEqual(["DIV", "P"]);
  });

  test("marks, lists and code are elements that readers know", () => {
    const { container } = render(<Formatted text={"**a** *b* ~~c~~ `d`\n3. trois\n- e\n> f\n```\ng\n```"} />);
    const tags = [...container.querySelectorAll("*")].map(({ tagName }) => tagName.toLowerCase());
    expect(tags).toEqual("div p strong em s code ol li ul li blockquote p pre code".split(" "));
    expect(container.querySelector("ol li")?.getAttribute("value")).toBe("3");
  });

  test("people's own spaces and signs stay", () => {
    const { container } = render(<Formatted text={'Quoi  ? "bien"...\nsuite'} />);
    expect(container.textContent).toBe('Quoi  ? "bien"...\nsuite');
  });

  test("the tail stands after the last word", () => {
    const { container } = render(<Formatted text="fin" tail={<i>modifié</i>} />);
    expect(container.querySelector("p")?.textContent).toBe("finmodifié");
  });
});

test("a few pictograms alone are shown larger", () => {
  expect(["👍", " 🌊🚧 ", "👩‍🚒", "🇫🇷"].map(fewPictograms)).toEqual([true, true, true, true]);
  expect(["", "3", "👍 ok", "👍👍👍👍", "#"].map(fewPictograms)).toEqual([false, false, false, false, false]);
});
