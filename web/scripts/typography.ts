/** `npm run typography`: writes the French typography right in every French resource. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { typography } from "../src/core/i18n/typography.ts";

const folder = new URL("../src/core/i18n/fr/", import.meta.url);

function mended(value: unknown): unknown {
  if (typeof value === "string") return typography(value);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mended(inner)]));
}

for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const file = new URL(name, folder);
  writeFileSync(file, `${JSON.stringify(mended(JSON.parse(readFileSync(file, "utf8"))), null, 2)}\n`);
}
