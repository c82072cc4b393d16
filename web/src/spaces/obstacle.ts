import { ProblemError } from "#/core/api/errors";
import type { Action, LabelHolding, Tool } from "#/core/api/schema";
import type { HeldSpace } from "#/core/journal/house";
import { type Verdict, verdict, verdictOf } from "./refusals";
import { may } from "./spaces";

/** Why something cannot be done, or seen, in a space. */
export type Obstacle =
  | { readonly kind: "tool-off"; readonly tool: Tool }
  | { readonly kind: "reader" }
  | { readonly kind: "rule"; readonly told: Verdict }
  /** The instance may not hold this label today, or may only keep and read what is there. */
  | { readonly kind: "held"; readonly state: "read-only" | "closed"; readonly told: Verdict }
  /** Nobody refused: the server cannot be reached, or did not manage. */
  | { readonly kind: "failed"; readonly error: Error };

const TOOLS: readonly string[] = ["chat", "files", "meet"] satisfies Tool[];

/** The tool that an act belongs to; null for what every space has. */
function toolOf(action: Action): Tool | null {
  const trade = action.slice(0, action.indexOf(":"));
  return TOOLS.includes(trade) ? (trade as Tool) : null;
}

/** What a window still shows of a space that is read-only; everything else that it asks about adds something. */
const READS: readonly Action[] = ["chat:message:read", "files:file:read", "meet:call:read"];

/** What the instance may do today with a space's label stands in the way, if anything of it does. */
export function held(holding: LabelHolding | null): Extract<Obstacle, { kind: "held" }> | null {
  if (!holding || holding.state === "open") return null;
  const told = verdictOf({ code: "refused", rule: holding.rule, reason: holding.reason });
  // The snapshot names the rule alone: who set it and the ways out follow from it.
  return told && { kind: "held", state: holding.state, told: verdict(told.rule, told.reason) };
}

/** An obstacle's place in the world: the space as one has it, and what the instance may do with its label. */
export type Where = { readonly own: HeldSpace; readonly holding: LabelHolding | null };

/**
 * What stands in the way of an act, by what the window knows of the space and, if it was tried, by how that ended;
 * null when nothing does. What the instance may not hold comes before all that a manager could change, as it does where
 * it is decided; then a tool that is off: neither rights nor the network would help.
 */
export function obstacle(where: Where, action: Action, error: Error | null = null): Obstacle | null {
  const { own, holding } = where;
  const kept = may(own, action) ? null : held(holding);
  if (kept && (kept.state === "closed" || !READS.includes(action))) return kept;
  const tool = toolOf(action);
  if (tool && !own.space.tools.includes(tool)) return { kind: "tool-off", tool };
  if (error) return tried(own, tool, error);
  if (may(own, action)) return null;
  if (tool === null && own.space.kind === "direct") {
    return { kind: "rule", told: verdict("space-kind", "not-in-direct") };
  }
  return own.role === "reader"
    ? { kind: "reader" }
    : { kind: "rule", told: verdict("role", "needs-manager") };
}

function tried(own: HeldSpace, tool: Tool | null, error: Error): Obstacle {
  const told = error instanceof ProblemError ? verdictOf(error.details) : null;
  if (told === null) return { kind: "failed", error };
  // It was switched off a moment ago, and the window hears of it in the next one.
  if (told.rule === "tool-off" && tool) return { kind: "tool-off", tool };
  return told.rule === "role" && own.role === "reader" ? { kind: "reader" } : { kind: "rule", told };
}
