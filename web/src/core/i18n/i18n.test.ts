import { describe, expect, test } from "vitest";
import en from "./en";
import fr from "./fr";
import { preferredLanguage } from "./i18n";
import { typography } from "./typography";

type Flat = Record<string, string>;

function flat(value: unknown, path = ""): Flat {
  if (typeof value === "string") return { [path]: value };
  if (value === null || typeof value !== "object") throw new Error(`${path} holds no text`);
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => flat(inner, path ? `${path}.${key}` : key)),
  );
}

const french = flat(fr);
const english = flat(en);
const placeholders = (text: string | undefined): string[] =>
  [...(text ?? "").matchAll(/\{\{\s*(\w+)[^}]*\}\}|<\/?(\w+)\s*\/?>/gu)]
    .map((match) => match[1] ?? `<${match[2]}>`)
    .sort();

describe("the words of the window", () => {
  test("French and English have the same keys", () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(french).sort());
  });

  test("no value is empty or left to translate", () => {
    const empty = Object.entries({ ...french, ...english }).filter(([, text]) => text.trim() === "");
    expect(empty).toEqual([]);
    expect(Object.values(french).filter((text) => /TODO|\?\?\?/u.test(text))).toEqual([]);
  });

  test("a plural has both its forms, and never a bracket", () => {
    const odd = Object.keys(french).filter((key) => {
      if (key.endsWith("_one")) return !(key.replace(/_one$/u, "_other") in french);
      if (key.endsWith("_other")) return !(key.replace(/_other$/u, "_one") in french);
      return false;
    });
    expect(odd).toEqual([]);
    expect(Object.values({ ...french, ...english }).filter((text) => text.includes("(s)"))).toEqual([]);
  });

  test("both languages speak of the same things", () => {
    const different = Object.keys(french).filter((key) => {
      // « un message » may leave its figure out.
      if (/_(one|zero)$/u.test(key)) return false;
      return JSON.stringify(placeholders(french[key])) !== JSON.stringify(placeholders(english[key]));
    });
    expect(different).toEqual([]);
  });

  test("French typography holds", () => {
    const wrong = Object.entries(french).filter(([, text]) => typography(text) !== text);
    expect(wrong).toEqual([]);
  });

  test("English has no straight quotes and no French spaces", () => {
    expect(Object.values(english).filter((text) => /['"\u202f\u00a0]/u.test(text))).toEqual([]);
  });
});

describe("typography", () => {
  const seen = (text: string): string => typography(text).replaceAll("\u202f", "~").replaceAll("\u00a0", "_");

  test("mends", () => {
    expect(seen("Vraiment ? Oui ! « Bien » : c'est dit...")).toBe("Vraiment~? Oui~! «~Bien~»_: c’est dit…");
    expect(seen("Quoi?!")).toBe("Quoi~?!");
    expect(seen("{{name}} : {{count}} ?")).toBe("{{name}}_: {{count}}~?");
    expect(seen("8 Mo, 45 %, 14:32")).toBe("8~Mo, 45~%, 14:32");
    expect(seen("Voir https://exemple.fr/?a=b;c !")).toBe("Voir https://exemple.fr/?a=b;c~!");
  });

  test("leaves alone what is right", () => {
    const right = typography("Quitter ? « Oui » : non ; 45 % !");
    expect(typography(right)).toBe(right);
  });
});

test("a new browser starts in the first language that we speak", () => {
  expect(preferredLanguage(["de-DE", "en-US", "fr"])).toBe("en");
  expect(preferredLanguage(["fr-CA"])).toBe("fr");
  expect(preferredLanguage(["de"])).toBe("fr");
});
