import type { ProblemDetails } from "#/core/api/schema";

/** The rules of the house that may refuse something about a space, by the server's names for them. */
export const RULES = [
  "actor",
  "membership",
  "guest-label",
  "space-kind",
  "community-label",
  "tool-off",
  "role",
  "authorship",
] as const;
export type Rule = (typeof RULES)[number];

/** The rule that refused; null when it was not a rule, or one that this window does not know yet. */
export function refusingRule({ code, rule }: Pick<ProblemDetails, "code" | "rule">): Rule | null {
  if (code !== "refused") return null;
  return RULES.find((one) => one === rule) ?? null;
}
