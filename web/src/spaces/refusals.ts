import type { ProblemDetails, RuleName, Source, Way } from "#/core/api/schema";

/** The rules of the house that may refuse something, by the server's names for them. */
export const RULES = [
  "membership",
  "actor",
  "guest-label",
  "partner",
  "space-kind",
  "community-label",
  "hosting-restricted",
  "hosting",
  "approval",
  "strong-sign-in",
  "office",
  "administration",
  "tool-off",
  "role",
  "authorship",
  "second-manager",
] as const satisfies readonly RuleName[];
export type Rule = (typeof RULES)[number];

/** Why a rule refuses, by the server's words: each has its sentence. */
export const REASONS = [
  "above-ceiling",
  "approval-expired",
  "commercial-cloud",
  "exception-ended",
  "guest-in-restricted",
  "guest-in-sensitive",
  "needs-administrator",
  "needs-administrator-or-officer",
  "needs-contributor",
  "needs-manager",
  "needs-officer",
  "no-approval",
  "no-chat",
  "no-files",
  "no-meet",
  "not-a-member",
  "not-for-guests",
  "not-for-links",
  "not-in-community",
  "not-in-direct",
  "not-in-team",
  "not-open",
  "not-yet",
  "not-yours",
  "open-restricted",
  "open-sensitive",
  "other-organisation",
  "password-only",
  "profile-lapsed",
  "restricted-on-commercial",
  "review-missed",
  "undeclared",
  "your-own",
] as const;
export type Reason = (typeof REASONS)[number];

const SOURCES = ["bastide", "instance", "law", "organisation", "space"] as const satisfies readonly Source[];

export const WAYS = [
  "add-passkey",
  "ask-author",
  "ask-manager",
  "ask-officer",
  "ask-second-manager",
  "choose-label",
  "export",
  "invite-elsewhere",
  "make-team",
  "switch-on-tool",
] as const satisfies readonly Way[];

/** A refusal as the policy gives it. `reason` and `source` are null where this window does not know the word. */
export type Verdict = {
  readonly rule: Rule;
  readonly reason: Reason | null;
  readonly source: Source | null;
  readonly ways: readonly Way[];
};

const known = <Word extends string>(words: readonly Word[], word: string | null | undefined): Word | null =>
  words.find((one) => one === word) ?? null;

/** The rule that refused; null when it was not a rule, or one that this window does not know yet. */
export function refusingRule({ code, rule }: Pick<ProblemDetails, "code" | "rule">): Rule | null {
  return code === "refused" ? known(RULES, rule) : null;
}

/** What a refusal says; null when it was no rule that refused. */
export function verdictOf(
  problem: Pick<ProblemDetails, "code" | "rule" | "reason" | "source" | "ways">,
): Verdict | null {
  const rule = refusingRule(problem);
  if (rule === null) return null;
  return {
    rule,
    reason: known(REASONS, problem.reason),
    source: known(SOURCES, problem.source),
    ways: (problem.ways ?? []).flatMap((way) => known(WAYS, way) ?? []),
  };
}

/** What the window finds refused by itself is told as the server would tell it. */
const OWN: Record<Rule, { source: Source; ways: readonly Way[] }> = {
  membership: { source: "space", ways: [] },
  actor: { source: "bastide", ways: [] },
  "guest-label": { source: "bastide", ways: ["invite-elsewhere", "ask-manager"] },
  partner: { source: "organisation", ways: ["ask-officer", "invite-elsewhere"] },
  "space-kind": { source: "bastide", ways: ["make-team"] },
  "community-label": { source: "bastide", ways: ["make-team", "choose-label"] },
  "hosting-restricted": { source: "bastide", ways: ["choose-label", "export", "ask-officer"] },
  hosting: { source: "law", ways: ["choose-label", "export", "ask-officer"] },
  approval: { source: "instance", ways: ["choose-label", "export", "ask-officer"] },
  "strong-sign-in": { source: "bastide", ways: ["add-passkey"] },
  office: { source: "bastide", ways: ["ask-officer"] },
  administration: { source: "bastide", ways: [] },
  "tool-off": { source: "space", ways: ["switch-on-tool", "ask-manager"] },
  role: { source: "space", ways: ["ask-manager"] },
  authorship: { source: "bastide", ways: ["ask-author"] },
  "second-manager": { source: "bastide", ways: ["ask-second-manager"] },
};

/** Nobody declared it, or its term is over: that is the instance's own doing, whatever the law asks. */
const OF_INSTANCE: readonly (string | null)[] = ["undeclared", "profile-lapsed"] satisfies Reason[];

/** What administrators do, they do for nobody else: there is nothing to ask. */
const OF_ADMINISTRATORS = "needs-administrator";

/** What a rule and a reason come to, where the window tells it before anything was tried. */
export function verdict(rule: Rule, reason: string | null = null): Verdict {
  const { source, ways } = OWN[rule];
  return {
    rule,
    reason: known(REASONS, reason),
    source: OF_INSTANCE.includes(reason) ? "instance" : source,
    ways: reason?.startsWith(OF_ADMINISTRATORS) ? [] : ways,
  };
}
