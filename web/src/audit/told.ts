import type { TFunction } from "i18next";
import type { AuditLine } from "#/core/api/schema";
import { ACTS, actKey } from "./acts";

/** A part of a line, in words: what it is, where that needs saying, and what it says. */
export type Part = { readonly key: string; readonly text: string };

/** Who, where and what the ids of a line are, as far as the reader may know. */
export type Names = {
  readonly person: (id: string) => string | undefined;
  readonly space: (id: string) => string | undefined;
  readonly organisation: (id: string) => string | undefined;
  readonly day: (day: string) => string;
};

type Words = TFunction<"audit">;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
const DAY = /^\d{4}-\d{2}-\d{2}$/u;
/** Long ids are told by their ends: enough to find the line again. */
const ENDS = 8;
/** They say something of a commercial cloud, and of nothing else. */
const OF_CLOUDS: readonly string[] = ["qualified", "immune"];
const ERROR_OF_A_LIBRARY = /^passkey-.*[A-Z].*$/u;
const WITHDRAWN = /^withdrawn(?: (?<id>.+))?$/u;

/** What a line says besides who, where and when. */
export function told(line: Pick<AuditLine, "detail">, t: Words, names: Names): readonly Part[] {
  return Object.entries(line.detail).flatMap(([key, value]) => {
    if (key === "declared") return declared(value, t, names);
    return value === "" ? [] : [pair(key, value, t, names)];
  });
}

/** Why a line says that something was refused, where no rule of the house says it. */
export function reasonIn(reason: string, t: Words): string {
  // Lines stay as they were written: some from before have the name of a library's error here.
  return word("reason", reason.replace(ERROR_OF_A_LIBRARY, "passkey-answer"), t);
}

/** What was declared: a text of JSON in the line, or that something was taken back. */
function declared(text: string, t: Words, names: Names): readonly Part[] {
  const taken = WITHDRAWN.exec(text);
  if (taken) {
    const id = taken.groups?.["id"];
    return [id ? pair("withdrawn", id, t, names) : { key: "withdrawn", text: word("step", "withdrawn", t) }];
  }
  const found = parsed(text);
  if (!found) return [{ key: "declared", text }];
  const shown = Object.entries(found).filter(
    ([key, value]) => value !== null && (found["hosting"] === "commercial" || !OF_CLOUDS.includes(key)),
  );
  return shown.map(([key, value]) => pair(key, String(value), t, names));
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function pair(key: string, value: string, t: Words, names: Names): Part {
  const name = t(`detail.${key}` as "detail.how", { defaultValue: key });
  return { key, text: t("pair", { key: name, value: said(key, value, t, names) }) };
}

function said(key: string, value: string, t: Words, names: Names): string {
  const act = ACTS.find((one) => one === value);
  if (act) return t(`act.${actKey(act)}`);
  if (UUID.test(value)) {
    return names.person(value) ?? names.space(value) ?? names.organisation(value) ?? value.slice(-ENDS);
  }
  if (DAY.test(value)) return names.day(value);
  // Some say several words in one: the tools of a space.
  if (key === "tools")
    return value
      .split(" ")
      .map((one) => word(key, one, t))
      .join(", ");
  return word(key, value, t);
}

/** A word in people's own; some mean something else under another name. What nobody has words for stays as it is. */
function word(key: string, value: string, t: Words): string {
  const plain = t(`value.${value}` as "value.public", { defaultValue: value });
  return t(`value.${key}-${value}` as "value.public", { defaultValue: plain });
}
