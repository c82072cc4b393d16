import type {
  AnyEvent,
  CallView,
  EventFrame,
  Organisation,
  OwnChannel,
  OwnSpace,
  PersonCard,
  Snapshot,
  SpaceSnapshot,
} from "#/core/api/schema";

/** By id. */
export type ById<Thing> = { readonly [id: string]: Thing };

/**
 * All that the window knows of the spaces one may see: the server's snapshot, laid out by id. Events carry it
 * forward: snapshot before + events = snapshot after.
 */
export type House = {
  /** One's own id, which also names one's own stream. */
  readonly me: string;
  /** How far one's own stream has been taken in; each space holds its own. */
  readonly cursor: number;
  readonly organisations: ById<Organisation>;
  readonly people: ById<PersonCard>;
  readonly spaces: ById<OwnSpace>;
  readonly channels: ById<OwnChannel>;
  /** By the space in which they live. */
  readonly calls: ById<CallView>;
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

/** The house as a snapshot shows it. */
export function houseOf(me: string, snapshot: Snapshot): House {
  return {
    me,
    cursor: snapshot.cursor,
    organisations: byId(snapshot.organisations, ({ id }) => id),
    people: byId(snapshot.people, ({ id }) => id),
    spaces: byId(snapshot.spaces, ({ space }) => space.id),
    channels: byId(snapshot.channels, ({ channel }) => channel.id),
    calls: byId(snapshot.calls, ({ space_id }) => space_id),
  };
}

/** The house with one space as a fresh snapshot shows it. */
export function withSpace(house: House, snapshot: SpaceSnapshot): House {
  const id = snapshot.space.space.id;
  const cleared = withoutSpace(house, id);
  return {
    ...cleared,
    people: { ...house.people, ...byId(snapshot.people, (person) => person.id) },
    spaces: { ...cleared.spaces, [id]: snapshot.space },
    channels: { ...cleared.channels, ...byId(snapshot.channels, ({ channel }) => channel.id) },
    calls: snapshot.call ? { ...cleared.calls, [id]: snapshot.call } : cleared.calls,
  };
}

/** The house without a space, and without anything that lives in it. */
export function withoutSpace(house: House, id: string): House {
  if (!(id in house.spaces)) return house;
  return {
    ...house,
    spaces: without(house.spaces, id),
    channels: Object.fromEntries(
      Object.entries(house.channels).filter(([, { channel }]) => channel.space_id !== id),
    ),
    calls: without(house.calls, id),
  };
}

export function without<Thing>(things: ById<Thing>, id: string): ById<Thing> {
  const { [id]: _, ...rest } = things;
  return rest;
}

/** The house with one thing changed; the same house when there is no such thing. */
export function changed<Key extends "spaces" | "channels" | "calls">(
  house: House,
  key: Key,
  id: string,
  change: (thing: House[Key][string]) => House[Key][string],
): House {
  const things = house[key] as ById<House[Key][string]>;
  const thing = things[id];
  if (thing === undefined) return house;
  return { ...house, [key]: { ...things, [id]: change(thing) } };
}

/** How far each stream has been taken in. */
export function cursorsOf(house: House): { [stream: string]: number } {
  return {
    [house.me]: house.cursor,
    ...Object.fromEntries(Object.values(house.spaces).map((own) => [own.space.id, own.cursor])),
  };
}

function cursorOf(house: House, stream: string): number | undefined {
  return stream === house.me ? house.cursor : house.spaces[stream]?.cursor;
}

/** What taking in an event came to. A `gap` means that events are missing: the stream must be asked for anew. */
export type Taken = { readonly house: House; readonly outcome: "taken" | "known" | "foreign" | "gap" };

/** The house after an event, if it is the next one of a stream that the house follows. */
export function takeIn(house: House, frame: EventFrame, reducers: Reducers): Taken {
  const cursor = cursorOf(house, frame.s);
  if (cursor === undefined) return { house, outcome: "foreign" };
  if (frame.q <= cursor) return { house, outcome: "known" };
  if (frame.q > cursor + 1) return { house, outcome: "gap" };
  // The event's own type picks its reducer; TypeScript cannot follow that through the union.
  const reduce = reducers[frame.e.type] as ((house: House, happened: EventFrame) => House) | undefined;
  const after = reduce ? reduce(house, frame) : house;
  return { house: advanced(after, frame), outcome: "taken" };
}

function advanced(house: House, { s, q, a }: EventFrame): House {
  if (s === house.me) return { ...house, cursor: q };
  return changed(house, "spaces", s, (own) => ({ ...own, cursor: q, abilities: a ?? own.abilities }));
}
