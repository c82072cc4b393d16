import type {
  Action,
  AnyEvent,
  CallView,
  EventFrame,
  LabelHolding,
  Organisation,
  OwnChannel,
  OwnSpace,
  PersonCard,
  Snapshot,
  SpaceSnapshot,
} from "#/core/api/schema";

/** By id. */
export type ById<Thing> = { readonly [id: string]: Thing };

/** A space with what one is and may do in it. Its cursor is kept apart: it moves with every message. */
export type HeldSpace = Omit<OwnSpace, "cursor">;

/**
 * All that the window knows of the spaces one may see: the server's snapshot, laid out by id. Events carry it
 * forward: snapshot before + events = snapshot after.
 */
export type House = {
  /** One's own id, which also names one's own stream. */
  readonly me: string;
  /** How far each stream has been taken in: one's own, and each space's. */
  readonly cursors: ById<number>;
  readonly organisations: ById<Organisation>;
  readonly people: ById<PersonCard>;
  readonly spaces: ById<HeldSpace>;
  readonly channels: ById<OwnChannel>;
  /** By the space in which they live. */
  readonly calls: ById<CallView>;
  /** What the instance may do today with spaces of each label. */
  readonly holdings: ById<LabelHolding>;
  /** Names the rule under which all this was read. */
  readonly rule: string;
};

/** An event of one kind, with its place. `stream` is the space's id, or one's own for what is personal. */
export type Happened<Type extends AnyEvent["type"]> = Omit<EventFrame, "e"> & {
  readonly e: Extract<AnyEvent, { type: Type }>;
};

/** What each kind of event makes of the house. Pure: the same house and event always give the same house. */
export type Reducers = {
  readonly [Type in AnyEvent["type"]]: (house: House, happened: Happened<Type>) => House;
};

const byId = <Thing>(things: readonly Thing[], id: (thing: Thing) => string): ById<Thing> =>
  Object.fromEntries(things.map((thing) => [id(thing), thing]));

const held = ({ cursor: _, ...own }: OwnSpace): HeldSpace => own;

/** The house as a snapshot shows it. */
export function houseOf(me: string, snapshot: Snapshot): House {
  return {
    me,
    cursors: {
      ...Object.fromEntries(snapshot.spaces.map(({ space, cursor }) => [space.id, cursor])),
      [me]: snapshot.cursor,
    },
    organisations: byId(snapshot.organisations, ({ id }) => id),
    people: byId(snapshot.people, ({ id }) => id),
    spaces: byId(snapshot.spaces.map(held), ({ space }) => space.id),
    channels: byId(snapshot.channels, ({ channel }) => channel.id),
    calls: byId(snapshot.calls, ({ space_id }) => space_id),
    holdings: byId(snapshot.holdings, ({ label }) => label),
    rule: snapshot.rule,
  };
}

/** The house with one space as a fresh snapshot shows it. */
export function withSpace(house: House, snapshot: SpaceSnapshot): House {
  const id = snapshot.space.space.id;
  const cleared = withoutSpace(house, id);
  return {
    ...cleared,
    cursors: { ...cleared.cursors, [id]: snapshot.space.cursor },
    people: { ...house.people, ...byId(snapshot.people, (person) => person.id) },
    spaces: { ...cleared.spaces, [id]: held(snapshot.space) },
    channels: { ...cleared.channels, ...byId(snapshot.channels, ({ channel }) => channel.id) },
    calls: snapshot.call ? { ...cleared.calls, [id]: snapshot.call } : cleared.calls,
  };
}

/** The house without a space, and without anything that lives in it. */
export function withoutSpace(house: House, id: string): House {
  if (!(id in house.spaces)) return house;
  return {
    ...house,
    cursors: without(house.cursors, id),
    spaces: without(house.spaces, id),
    channels: channelsOutside(house, id),
    calls: without(house.calls, id),
  };
}

const channelsOutside = (house: House, space: string): House["channels"] =>
  Object.fromEntries(Object.entries(house.channels).filter(([, { channel }]) => channel.space_id !== space));

export function without<Thing>(things: ById<Thing>, id: string): ById<Thing> {
  const { [id]: _, ...rest } = things;
  return rest;
}

/** The house with one thing changed; the same house when there is no such thing, or nothing changed. */
export function changed<Key extends "spaces" | "channels" | "calls">(
  house: House,
  key: Key,
  id: string,
  change: (thing: House[Key][string]) => House[Key][string],
): House {
  const things = house[key] as ById<House[Key][string]>;
  const thing = things[id];
  if (thing === undefined) return house;
  const after = change(thing);
  return after === thing ? house : { ...house, [key]: { ...things, [id]: after } };
}

/** What taking in an event came to. A `gap` means that events are missing: the stream must be asked for anew. */
export type Taken = { readonly house: House; readonly outcome: "taken" | "known" | "foreign" | "gap" };

/** What one must be able to do for a snapshot to show a space's channels, and its call. */
const SHOWS = { channels: "chat:message:read", calls: "meet:call:read" } as const satisfies {
  [shown: string]: Action;
};

/** The house after an event, if it is the next one of a stream that the house follows. */
export function takeIn(house: House, frame: EventFrame, reducers: Reducers): Taken {
  const cursor = house.cursors[frame.s];
  if (cursor === undefined) return { house, outcome: "foreign" };
  if (frame.q <= cursor) return { house, outcome: "known" };
  if (frame.q > cursor + 1) return { house, outcome: "gap" };
  // The event's own type picks its reducer; TypeScript cannot follow that through the union.
  const reduce = reducers[frame.e.type] as ((house: House, happened: EventFrame) => House) | undefined;
  const after = reduce ? reduce(house, frame) : house;
  return { house: advanced(after, frame), outcome: "taken" };
}

function advanced(house: House, { s, q, a }: EventFrame): House {
  const moved = s in house.cursors ? { ...house, cursors: { ...house.cursors, [s]: q } } : house;
  return a ? withAbilities(moved, s, a) : moved;
}

/** The house after one's abilities in a space moved: what one may no longer see there is no longer there. */
function withAbilities(house: House, space: string, abilities: Action[]): House {
  const own = changed(house, "spaces", space, (before) => ({ ...before, abilities }));
  return {
    ...own,
    channels: abilities.includes(SHOWS.channels) ? own.channels : channelsOutside(own, space),
    calls: abilities.includes(SHOWS.calls) ? own.calls : without(own.calls, space),
  };
}

/** What may come to be seen although no event brings it; of files, those of messages had no name until then. */
const OPENS: readonly Action[] = [...Object.values(SHOWS), "files:file:read"];

/** Whether a space shows something now that it hid before: events did not bring it, so it must be asked for. */
export function opensUp(before: House, after: House, space: string): boolean {
  const had = before.spaces[space]?.abilities;
  const has = after.spaces[space]?.abilities;
  if (!had || !has || had === has) return false;
  return OPENS.some((shown) => has.includes(shown) && !had.includes(shown));
}
