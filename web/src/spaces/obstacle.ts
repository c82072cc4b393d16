import { ProblemError } from "#/core/api/errors";
import type { Action, Tool } from "#/core/api/schema";
import type { HeldSpace } from "#/core/journal/house";
import { type Rule, refusingRule } from "./refusals";
import { may } from "./spaces";

/** Why something cannot be done, or seen, in a space. */
export type Obstacle =
  | { readonly kind: "tool-off"; readonly tool: Tool }
  | { readonly kind: "reader" }
  | { readonly kind: "rule"; readonly rule: Rule }
  /** Nobody refused: the server cannot be reached, or did not manage. */
  | { readonly kind: "failed"; readonly error: Error };

const TOOLS: readonly string[] = ["chat", "files", "meet"] satisfies Tool[];

/** The tool that an act belongs to; null for what every space has. */
function toolOf(action: Action): Tool | null {
  const trade = action.slice(0, action.indexOf(":"));
  return TOOLS.includes(trade) ? (trade as Tool) : null;
}

/**
 * What stands in the way of an act, by what the window knows of the space and, if it was tried, by how that ended;
 * null when nothing does. Where a tool is off that comes first: neither rights nor the network would help.
 */
export function obstacle(own: HeldSpace, action: Action, error: Error | null = null): Obstacle | null {
  const tool = toolOf(action);
  if (tool && !own.space.tools.includes(tool)) return { kind: "tool-off", tool };
  if (error) return tried(own, tool, error);
  if (may(own, action)) return null;
  if (tool === null && own.space.kind === "direct") return { kind: "rule", rule: "space-kind" };
  return own.role === "reader" ? { kind: "reader" } : { kind: "rule", rule: "role" };
}

function tried(own: HeldSpace, tool: Tool | null, error: Error): Obstacle {
  const rule = error instanceof ProblemError ? refusingRule(error.details) : null;
  if (rule === null) return { kind: "failed", error };
  // It was switched off a moment ago, and the window hears of it in the next one.
  if (rule === "tool-off" && tool) return { kind: "tool-off", tool };
  return rule === "role" && own.role === "reader" ? { kind: "reader" } : { kind: "rule", rule };
}
