import type { Label, SpaceKind } from "#/core/api/schema";
import { LABELS } from "#/ui/mark/LabelPill";

/** What may be put into a space, in the order of the form, and the label that it asks for. */
export const CONTENTS = ["published", "daily", "persons", "secret", "missions", "marked"] as const;
export type ContentKind = (typeof CONTENTS)[number];

export const ASKS: Record<ContentKind, Label> = {
  published: "public",
  daily: "internal",
  persons: "sensitive",
  secret: "sensitive",
  missions: "sensitive",
  marked: "restricted",
};

/** With nothing ticked: the everyday case. */
const USUAL: Label = "internal";
/** A space that one enters freely may be this at most (the rule « community-label »). */
const FREELY_MOST: Label = "internal";

export const rank = (label: Label): number => LABELS.indexOf(label);
const strictest = (labels: readonly Label[]): Label | null =>
  labels.reduce<Label | null>((most, next) => (most === null || rank(next) > rank(most) ? next : most), null);

type Chosen = {
  readonly label: Label;
  /** What the ticks ask for; null with nothing ticked. */
  readonly asked: Label | null;
  /** The ticks that ask for it. */
  readonly because: readonly ContentKind[];
  /** One chose stricter than that. */
  readonly raised: boolean;
};

/**
 * The label of a space to be: what is ticked asks for one, and one may choose a stricter one, never a less strict one.
 * With nothing ticked every label may be chosen.
 */
export function labelOf(ticked: ReadonlySet<ContentKind>, picked: Label | null): Chosen {
  const asked = strictest([...ticked].map((kind) => ASKS[kind]));
  const because = CONTENTS.filter((kind) => ticked.has(kind) && ASKS[kind] === asked);
  const raised = picked !== null && (asked === null ? picked !== USUAL : rank(picked) > rank(asked));
  return { label: raised ? picked : (asked ?? USUAL), asked, because, raised };
}

/** Whether a label may be picked over what is ticked. */
export function mayPick(label: Label, asked: Label | null): boolean {
  return asked === null || rank(label) >= rank(asked);
}

/** Whether the house lets people in freely under a label. */
export function fits(kind: SpaceKind, label: Label): boolean {
  return kind !== "community" || rank(label) <= rank(FREELY_MOST);
}

/** The least that must go for a space to stay open to all: what asks for more than that. */
export function tooStrict(ticked: ReadonlySet<ContentKind>): readonly ContentKind[] {
  return CONTENTS.filter((kind) => ticked.has(kind) && rank(ASKS[kind]) > rank(FREELY_MOST));
}

/** Labels that cannot be, gathered by why, so that nothing is said twice; `told`: what is said elsewhere already. */
export function byReason(
  labels: readonly Label[],
  why: { readonly [label in Label]?: string },
  told?: string,
): readonly (readonly [string, readonly Label[]])[] {
  const reasons = new Set(labels.flatMap((label) => why[label] ?? []).filter((reason) => reason !== told));
  return [...reasons].map((reason) => [reason, labels.filter((label) => why[label] === reason)]);
}
