import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { HUES } from "../identity/hash";

const css = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const tokens = css("tokens.css");

/** A token's value in a theme, as `#rrggbb`. */
function colour(name: string, theme: "light" | "dark"): string {
  const value = new RegExp(`^\\s*--${name}:\\s*([^;]+);`, "mu").exec(tokens)?.[1];
  if (!value) throw new Error(`no token --${name}`);
  const both = /^light-dark\((#\w+), (#\w+)\)$/u.exec(value);
  const hex = both ? both[theme === "light" ? 1 : 2] : value;
  if (!hex || !/^#(?:[0-9a-f]{3}){1,2}$/u.test(hex))
    throw new Error(`--${name} is no plain colour: ${value}`);
  return hex.length === 4 ? `#${[...hex.slice(1)].map((digit) => digit + digit).join("")}` : hex;
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ["ground", "sheet", "sunken", "hover"];
/** What is read: at least 4.5 to 1 on each surface it lies on. */
const TEXT: readonly (readonly [string, readonly string[]])[] = [
  ["ink", [...SURFACES, "selected", "ochre-bg", "accent-softer"]],
  ["ink-2", [...SURFACES, "ochre-bg"]],
  ["ink-3", SURFACES],
  ["accent-ink", [...SURFACES, "selected", "accent-soft"]],
  ["stone-ink", ["stone-bg"]],
  ["ink", ["stone-bg", "stone-bg-hover"]],
  ["on-accent", ["accent", "accent-hover"]],
  ["on-danger", ["danger"]],
  ["ochre-ink", ["ochre-bg", "ochre-strong", "sheet", "ground"]],
  ["madder-ink", ["madder-bg", "sheet"]],
  ["on-tip", ["tip"]],
  ...Array.from({ length: HUES }, (_, hue) => [`hue-${hue}-ink`, [`hue-${hue}-bg`]] as const),
];
/** What is only seen: at least 3 to 1. */
const SEEN: readonly (readonly [string, readonly string[]])[] = [
  ["focus", SURFACES],
  ["line-strong", ["sheet"]],
  ["mark", ["sheet", "ground"]],
  ["on-accent", ["mark"]],
  ["ok", ["sheet", "ground"]],
  ["ochre-dot", ["sheet", "ground"]],
  ...Array.from({ length: HUES }, (_, hue) => [`arch-${hue}`, [`wall-${hue}`]] as const),
];

describe("the theme", () => {
  test.each(["light", "dark"] as const)("can be read: %s", (theme) => {
    const weak = [
      ...TEXT.map((pair) => [4.5, ...pair] as const),
      ...SEEN.map((pair) => [3, ...pair] as const),
    ]
      .flatMap(([least, ink, surfaces]) =>
        surfaces.map((surface) => {
          const ratio = contrast(colour(ink, theme), colour(surface, theme));
          return { pair: `${ink} on ${surface}`, ratio: Math.round(ratio * 100) / 100, least };
        }),
      )
      .filter(({ ratio, least }) => ratio < least);
    expect(weak).toEqual([]);
  });

  test("every variable that our pieces of Mantine read is wired to a token", () => {
    const own = css("mantine.css");
    const resolve = createRequire(import.meta.url).resolve;
    const defined = new Set([...own.matchAll(/^\s*(--mantine-[\w-]+):/gmu)].map((match) => match[1]));
    const sheets = [...own.matchAll(/@import "(@mantine[^"]+)"/gu)].map((match) => match[1] ?? "");
    expect(sheets.length).toBeGreaterThan(4);
    const missing = sheets.flatMap((sheet) =>
      [...readFileSync(resolve(sheet), "utf8").matchAll(/var\((--mantine-[\w-]+)\)/gu)]
        .map((match) => match[1])
        .filter((name) => !defined.has(name)),
    );
    expect([...new Set(missing)]).toEqual([]);
  });

  test("no blue of Mantine's comes in", () => {
    const all = [css("base.css"), css("mantine.css"), tokens].join("\n");
    expect(all).not.toMatch(/mantine-color-blue|#228be6|#1c7ed6/u);
  });
});
