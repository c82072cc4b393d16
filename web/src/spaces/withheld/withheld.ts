import type { Action, LabelHolding, Me, RuleName, Source, Tool } from "#/core/api/schema";
import type { HeldSpace } from "#/core/journal/house";
import { held } from "../obstacle";

/**
 * Why what a space holds is kept from its member for now: the rule, its reason and who set it, in the server's words, and
 * how far it goes. `all`: nothing of the content may be read.
 */
export type Withholding = {
  readonly rule: RuleName;
  readonly reason: string;
  readonly source: Source;
  readonly extent: "all";
};

const READS: Partial<Record<Tool, Action>> = {
  chat: "chat:message:read",
  files: "files:file:read",
  meet: "meet:call:read",
};

/** Whether a member may read anything of what the space holds. */
export function readsAnything({ space, abilities }: HeldSpace): boolean {
  return space.tools.some((tool) => {
    const read = READS[tool];
    return read !== undefined && abilities.includes(read);
  });
}

/**
 * What keeps a space's content from its member, or null. It explains what the server refuses and decides nothing: where
 * anything may be read, nothing is withheld. What the instance may not hold is asked first, as it is where it is decided.
 */
export function withholdingOf(
  own: HeldSpace,
  me: Pick<Me, "strength">,
  holding: LabelHolding | null = null,
): Withholding | null {
  if (readsAnything(own)) return null;
  const kept = held(holding);
  if (kept?.state === "closed") {
    const { rule, reason, source } = kept.told;
    return { rule, reason: reason ?? "", source: source ?? "instance", extent: "all" };
  }
  if (own.space.label === "restricted" && me.strength !== "passkey") {
    return { rule: "strong-sign-in", reason: "password-only", source: "bastide", extent: "all" };
  }
  return null;
}
