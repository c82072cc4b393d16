import type { RuleView } from "#/core/api/schema";

/** Whether the hosting is declared, and leaves some label that is not closed. */
export function opensSome({ profile, holdings }: Pick<RuleView, "profile" | "holdings">): boolean {
  return profile !== null && holdings.some(({ state }) => state !== "closed");
}
