import { words } from "#/core/api/content";
import type { Action, LabelHolding, OwnChannel, PersonCard } from "#/core/api/schema";
import { names } from "#/core/format/names";
import type { Language } from "#/core/format/where";
import type { HeldSpace, House } from "#/core/journal/house";
import { fullName } from "#/people/names";

/** A space as lists show it. */
export type SpaceRow = {
  readonly own: HeldSpace;
  readonly id: string;
  readonly name: string;
  /** What the instance may do today with spaces of its label; null where it is not known. */
  readonly holding: LabelHolding | null;
  /** In a direct: the others. */
  readonly others: readonly PersonCard[];
  readonly channels: readonly OwnChannel[];
  readonly unread: number;
  /** The newest message of all its channels, for lists in order of what moved last. */
  readonly latest: OwnChannel | null;
  readonly movedAt: number;
};

/** Whether one may do something in a space; what is not allowed is not offered. */
export function may(own: HeldSpace, action: Action): boolean {
  return own.abilities.includes(action);
}

/** How many people can read in a space: its members, but those who cannot come in any more. */
export function readersOf({ space, barred }: HeldSpace): number {
  return Math.max(0, space.members_count - barred);
}

/** Whether there is anything for one in a space's settings: also where it may be changed no more, but taken away. */
export function hasSettings(own: HeldSpace): boolean {
  return (["spaces:space:edit", "spaces:label:read", "spaces:space:export"] as const).some((action) =>
    may(own, action),
  );
}

export function unreadOf(own: OwnChannel): number {
  return Math.max(0, own.channel.last_ordinal - own.read);
}

/** The other people of a direct; oneself when one writes to oneself. */
function othersOf(own: HeldSpace, house: House): PersonCard[] {
  const ids = own.space.faces.filter((id) => id !== house.me);
  return (ids.length > 0 ? ids : own.space.faces).flatMap((id) => house.people[id] ?? []);
}

/** Who one writes to names a direct; a team and a community have names of their own. */
export function spaceName(own: HeldSpace, house: House, language: Language): string {
  if (own.space.kind !== "direct") return words(own.space.name);
  const others = othersOf(own, house);
  const full = others.map(fullName);
  if (full.length <= 1) return full[0] ?? "";
  return names(
    others.map((person) => person.given_name),
    { language },
    3,
  );
}

const time = (own: OwnChannel | null): number =>
  own?.channel.last ? Date.parse(own.channel.last.sent_at) : 0;

/** Every space of the house, with what its list needs. */
export function spaceRows(house: House, language: Language): SpaceRow[] {
  const channels = new Map<string, OwnChannel[]>();
  for (const own of Object.values(house.channels)) {
    const list = channels.get(own.channel.space_id);
    if (list) list.push(own);
    else channels.set(own.channel.space_id, [own]);
  }
  return Object.values(house.spaces).map((own) => {
    const mine = (channels.get(own.space.id) ?? []).sort(
      (one, other) => one.channel.position - other.channel.position,
    );
    const latest = mine.reduce<OwnChannel | null>(
      (best, next) => (time(next) > time(best) ? next : best),
      null,
    );
    return {
      own,
      id: own.space.id,
      name: spaceName(own, house, language),
      holding: house.holdings[own.space.label] ?? null,
      others: own.space.kind === "direct" ? othersOf(own, house) : [],
      channels: mine,
      unread: mine.reduce((sum, next) => sum + unreadOf(next), 0),
      latest,
      movedAt: time(latest) || Date.parse(own.space.created_at),
    };
  });
}
