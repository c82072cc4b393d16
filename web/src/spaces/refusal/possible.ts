import type { Action, Label, LabelHolding, PersonCard, Way } from "#/core/api/schema";
import { LABELS } from "#/ui/mark/LabelPill";
import { held } from "../obstacle";
import type { Rule, Verdict } from "../refusals";
import { may, type SpaceRow } from "../spaces";

export type Holdings = Readonly<Record<string, LabelHolding>>;

/** Conversations between people are spaces of this label. */
const OF_DIRECTS: Label = "internal";

/** Whether the instance may hold a new space of a label today. */
export function opens(label: Label, holdings: Holdings): boolean {
  return held(holdings[label] ?? null) === null;
}

/** Whether one can open a conversation with somebody now. */
export function opensDirects(abilities: readonly Action[], holdings: Holdings): boolean {
  return abilities.includes("spaces:direct:create") && opens(OF_DIRECTS, holdings);
}

/** Where somebody is refused, and what they may do of themselves. */
export type Standpoint = {
  /** The space; null where there is none yet. */
  readonly row: SpaceRow | null;
  /** All of one's spaces. */
  readonly spaces: readonly SpaceRow[];
  /** One's abilities that hang on no space. */
  readonly abilities: readonly Action[];
  /** What the instance may do today with each label. */
  readonly holdings: Holdings;
  /** Who made the thing, where that is known. */
  readonly author?: PersonCard | undefined;
  /** The place where one is refused can itself do these. */
  readonly offers: readonly Way[];
};

/** How strict a space may be that lets somebody in whom a rule keeps out of another one. */
const STRICTEST: Partial<Record<Rule, Label>> = { "guest-label": "internal", partner: "sensitive" };

/** The spaces that one manages and that the rule opens to whom it keeps out here. */
export function elsewhere({ rule }: Pick<Verdict, "rule">, { row, spaces }: Standpoint): readonly SpaceRow[] {
  const strictest = STRICTEST[rule];
  if (!strictest) return [];
  const action: Action = rule === "guest-label" ? "spaces:guest:invite" : "spaces:member:add";
  return spaces.filter(
    ({ id, own }) =>
      id !== row?.id && may(own, action) && LABELS.indexOf(own.space.label) <= LABELS.indexOf(strictest),
  );
}

/** The ways that a refusal names and that one can really go, in the policy's order. */
export function possible(told: Verdict, at: Standpoint): readonly Way[] {
  const { row, abilities, holdings, offers } = at;
  const lower = row === null ? [] : LABELS.slice(0, LABELS.indexOf(row.own.space.label));
  const here = (action: Action): boolean => row !== null && may(row.own, action);
  const grouped = row !== null && row.own.space.kind !== "direct";
  const goes: Record<Way, () => boolean> = {
    "add-passkey": () => true,
    "ask-officer": () => abilities.includes("hosting:declaration:read"),
    "ask-author": () => at.author !== undefined,
    "ask-manager": () => grouped && row.own.role !== "manager" && here("spaces:member:list"),
    "ask-second-manager": () => grouped && here("spaces:member:list"),
    "choose-label": () => here("spaces:label:lower") && lower.some((label) => opens(label, holdings)),
    export: () => here("spaces:space:export"),
    "invite-elsewhere": () => elsewhere(told, at).length > 0,
    "make-team": () =>
      abilities.includes("spaces:space:create") && LABELS.some((label) => opens(label, holdings)),
    "switch-on-tool": () => here("spaces:space:edit"),
  };
  return told.ways.filter((way) => offers.includes(way) || goes[way]());
}
