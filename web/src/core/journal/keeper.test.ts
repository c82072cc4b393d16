import { describe, expect, test, vi } from "vitest";
import { reducers } from "#/app/reducers";
import { ProblemError } from "#/core/api/errors";
import type {
  AnyEvent,
  AnyToWindow,
  EventFrame,
  MessageView,
  OwnChannel,
  OwnSpace,
  Snapshot,
  SpaceSnapshot,
} from "#/core/api/schema";
import { houseOf, takeIn } from "./house";
import { Keeper } from "./keeper";

const id = (tail: number): string => `018e0000-0000-7000-8000-${String(tail).padStart(12, "0")}`;
const [ME, OTHER, SPACE, CHANNEL, SECOND] = [id(1), id(2), id(10), id(20), id(11)];

const ownSpace = (space: string, cursor: number): OwnSpace => ({
  space: {
    id: space,
    organisation_id: id(5),
    kind: "team",
    label: "internal",
    tools: ["chat", "files", "meet"],
    name: { format: "plain", text: "Plan neige" },
    description: { format: "plain", text: "" },
    created_at: "2026-03-01T08:00:00Z",
    members_count: 2,
    faces: [ME, OTHER],
  },
  role: "contributor",
  barred: 0,
  abilities: ["chat:message:read", "chat:message:send"],
  cursor,
});

const message = (ordinal: number, author = OTHER, text = `n° ${ordinal}`): MessageView => ({
  id: id(1000 + ordinal),
  client_id: id(2000 + ordinal),
  space_id: SPACE,
  channel_id: CHANNEL,
  ordinal,
  author_id: author,
  content: { format: "plain", text },
  files: [],
  sent_at: "2026-03-10T08:00:00Z",
  edited_at: null,
  deleted_at: null,
});

const ownChannel = (last: number, read: number): OwnChannel => ({
  channel: {
    id: CHANNEL,
    space_id: SPACE,
    name: { format: "plain", text: "général" },
    topic: { format: "plain", text: "" },
    position: 0,
    last_ordinal: last,
    last: last > 0 ? message(last) : null,
  },
  read,
});

const snapshot = (cursor = 3, last = 1): Snapshot => ({
  cursor: 7,
  organisations: [],
  people: [],
  spaces: [ownSpace(SPACE, cursor)],
  channels: [ownChannel(last, 1)],
  calls: [],
  holdings: [],
  rule: "r",
});

const spaceSnapshot = (cursor: number, last: number): SpaceSnapshot => ({
  space: ownSpace(SPACE, cursor),
  people: [],
  channels: [ownChannel(last, 1)],
  call: null,
});

const frame = (s: string, q: number, e: AnyEvent, more: Partial<EventFrame> = {}): EventFrame => ({
  t: "event",
  s,
  q,
  at: "2026-03-10T08:00:00Z",
  by: OTHER,
  e,
  ...more,
});
const sent = (q: number, ordinal: number, author = OTHER): EventFrame =>
  frame(SPACE, q, { type: "chat.message.sent", message: message(ordinal, author) });

/** Freezes a thing through and through: a reducer that writes into what it was given then throws. */
function frozen<T>(thing: T): T {
  if (typeof thing === "object" && thing !== null && !Object.isFrozen(thing)) {
    Object.freeze(thing);
    for (const inner of Object.values(thing)) frozen(inner);
  }
  return thing;
}

/** The house after these events, each of which must be the next one. */
function houseAfter(...frames: EventFrame[]): ReturnType<typeof houseOf> {
  let house = frozen(houseOf(ME, snapshot()));
  for (const one of frames) {
    const taken = takeIn(house, frozen(one), reducers);
    expect(taken.outcome).toBe("taken");
    house = frozen(taken.house);
  }
  return house;
}

describe("taking in events", () => {
  test("in order, once", () => {
    const house = houseOf(ME, snapshot());
    expect(takeIn(house, sent(3, 1), reducers)).toEqual({ house, outcome: "known" });
    expect(takeIn(house, sent(5, 3), reducers)).toEqual({ house, outcome: "gap" });
    expect(takeIn(house, frame(id(99), 4, { type: "core.gone" }), reducers).outcome).toBe("foreign");
    expect(houseAfter(sent(4, 2), frame(SPACE, 5, { type: "core.gone" })).cursors).toEqual({
      [ME]: 7,
      [SPACE]: 5,
    });
  });

  test("messages move the channel on, and who writes has read", () => {
    const house = houseAfter(sent(4, 2), sent(5, 3, ME));
    expect(house.channels[CHANNEL]).toMatchObject({
      read: 3,
      channel: { last_ordinal: 3, last: { ordinal: 3 } },
    });
    expect(houseAfter(sent(4, 2)).channels[CHANNEL]).toMatchObject({ read: 1, channel: { last_ordinal: 2 } });
  });

  test("an edit changes the last message only when it is that one", () => {
    const edit = (q: number, ordinal: number): EventFrame =>
      frame(SPACE, q, { type: "chat.message.changed", message: message(ordinal, OTHER, "corrigé") });
    expect(houseAfter(sent(4, 2), edit(5, 1)).channels[CHANNEL]?.channel.last?.content.text).toBe("n° 2");
    expect(houseAfter(sent(4, 2), edit(5, 2)).channels[CHANNEL]?.channel.last?.content.text).toBe("corrigé");
  });

  test("a read mark never goes back", () => {
    const read = (q: number, ordinal: number): EventFrame =>
      frame(ME, q, { type: "chat.channel.read", channel_id: CHANNEL, ordinal });
    expect(houseAfter(read(8, 5), read(9, 2)).channels[CHANNEL]?.read).toBe(5);
  });

  test("a channel that comes is there, one that changes keeps its mark", () => {
    const made = { ...ownChannel(0, 0).channel, id: id(21) };
    const house = houseAfter(
      frame(SPACE, 4, { type: "chat.channel.changed", channel: made }),
      frame(SPACE, 5, {
        type: "chat.channel.changed",
        channel: { ...ownChannel(1, 0).channel, position: 4 },
      }),
    );
    expect(house.channels[id(21)]).toEqual({ channel: made, read: 0 });
    expect(house.channels[CHANNEL]).toMatchObject({ read: 1, channel: { position: 4 } });
  });

  test("members, roles and abilities", () => {
    const house = houseAfter(
      frame(SPACE, 4, {
        type: "spaces.member.added",
        person_id: id(3),
        role: "reader",
        members_count: 3,
        faces: [ME],
      }),
      frame(
        SPACE,
        5,
        { type: "spaces.member.changed", person_id: ME, role: "reader" },
        { a: ["chat:message:read"] },
      ),
      frame(SPACE, 6, { type: "spaces.member.changed", person_id: OTHER, role: "manager" }),
    );
    expect(house.spaces[SPACE]).toMatchObject({
      role: "reader",
      abilities: ["chat:message:read"],
      space: { members_count: 3, faces: [ME] },
    });
  });

  test("a space that is lost takes everything in it away", () => {
    const house = houseAfter(frame(ME, 8, { type: "spaces.space.lost", space_id: SPACE }));
    expect([house.spaces, house.channels, house.calls]).toEqual([{}, {}, {}]);
    expect(house.cursors).toEqual({ [ME]: 8 });
  });

  test("a call begins, people come and go, it ends", () => {
    const call = {
      id: id(30),
      space_id: SPACE,
      started_by: OTHER,
      started_at: "2026-03-10T08:00:00Z",
      participants: [{ person_id: OTHER, device_id: id(41), joined_at: "2026-03-10T08:00:00Z" }],
    };
    const participant = { person_id: ME, device_id: id(40), joined_at: "2026-03-10T08:01:00Z" };
    const begun = [
      frame(SPACE, 4, { type: "meet.call.started", call }),
      frame(SPACE, 5, { type: "meet.call.joined", call_id: call.id, participant }),
      // Told twice: the same device is there once.
      frame(SPACE, 6, { type: "meet.call.joined", call_id: call.id, participant }),
    ];
    expect(houseAfter(...begun).calls[SPACE]?.participants).toHaveLength(2);
    const left = frame(SPACE, 7, {
      type: "meet.call.left",
      call_id: call.id,
      person_id: OTHER,
      device_id: id(41),
    });
    expect(houseAfter(...begun, left).calls[SPACE]?.participants).toEqual([participant]);
    expect(
      houseAfter(...begun, left, frame(SPACE, 8, { type: "meet.call.ended", call_id: call.id })).calls,
    ).toEqual({});
    expect(
      houseAfter(...begun, frame(SPACE, 7, { type: "meet.call.ended", call_id: id(31) })).calls,
    ).not.toEqual({});
  });
});

describe("the keeper", () => {
  const flushed = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

  async function started(
    space: (id: string) => Promise<SpaceSnapshot>,
    all = async () => snapshot(),
  ): Promise<Keeper> {
    const keeper = new Keeper({ snapshot: all, space });
    keeper.use(reducers);
    await keeper.start(ME);
    return keeper;
  }

  test("asks for a stream anew when something of it was missed, and loses nothing that came meanwhile", async () => {
    let answer: (snapshot: SpaceSnapshot) => void = () => undefined;
    const space = vi.fn(
      () =>
        new Promise<SpaceSnapshot>((resolve) => {
          answer = resolve;
        }),
    );
    const keeper = await started(space);
    const heard: number[] = [];
    keeper.onEvent(({ q }) => heard.push(q));
    keeper.receive(sent(9, 6));
    keeper.receive(sent(10, 7));
    keeper.receive(sent(11, 8));
    expect(space).toHaveBeenCalledTimes(1);
    answer(spaceSnapshot(10, 7));
    await flushed();
    expect(keeper.house.get()?.cursors[SPACE]).toBe(11);
    expect(keeper.house.get()?.channels[CHANNEL]?.channel.last_ordinal).toBe(8);
    expect(heard).toEqual([11]);
  });

  test("told to ask again while an answer is on its way, it asks once more: that answer may be older", async () => {
    const answers: ((snapshot: Snapshot) => void)[] = [];
    const all = vi.fn(() => new Promise<Snapshot>((resolve) => answers.push(resolve)));
    const keeper = new Keeper({ snapshot: all, space: async () => spaceSnapshot(1, 0) });
    keeper.use(reducers);
    const start = keeper.start(ME);
    answers.shift()?.(snapshot());
    await start;
    const reload: AnyToWindow = { t: "reload", streams: [ME] };
    keeper.receive(reload);
    keeper.receive(reload);
    keeper.receive(reload);
    answers.shift()?.({ ...snapshot(), rule: "between" });
    await flushed();
    answers.shift()?.({ ...snapshot(), rule: "last" });
    await flushed();
    expect(keeper.house.get()?.rule).toBe("last");
    expect(all).toHaveBeenCalledTimes(3);
  });

  test("a space told to be asked for again while its answer is on its way is asked for once more", async () => {
    const answers: ((snapshot: SpaceSnapshot) => void)[] = [];
    const space = vi.fn(() => new Promise<SpaceSnapshot>((resolve) => answers.push(resolve)));
    const keeper = await started(space);
    keeper.receive({ t: "reload", streams: [SPACE] });
    keeper.receive({ t: "reload", streams: [SPACE] });
    answers.shift()?.(spaceSnapshot(8, 4));
    await flushed();
    answers.shift()?.(spaceSnapshot(9, 5));
    await flushed();
    expect(keeper.house.get()?.cursors[SPACE]).toBe(9);
    expect(space).toHaveBeenCalledTimes(2);
  });

  test("a socket that opens under another rule than the one it was read under asks for everything", async () => {
    const all = vi.fn(async () => snapshot());
    const keeper = await started(async () => spaceSnapshot(1, 0), all);
    keeper.under("r");
    expect(all).toHaveBeenCalledTimes(1);
    keeper.under("another");
    await flushed();
    expect(all).toHaveBeenCalledTimes(2);
  });

  test("a space gained is asked for, one that turns out to be gone is let go", async () => {
    const keeper = await started(async () => ({
      ...spaceSnapshot(1, 0),
      space: ownSpace(SECOND, 1),
      channels: [],
    }));
    keeper.receive(frame(ME, 8, { type: "spaces.space.gained", space_id: SECOND }));
    await flushed();
    expect(Object.keys(keeper.house.get()?.spaces ?? {}).sort()).toEqual([SPACE, SECOND].sort());

    const refused = await started(() =>
      Promise.reject(new ProblemError({ type: "x", status: 404, code: "not-found", title: "" })),
    );
    refused.receive({ t: "reload", streams: [SPACE] });
    await flushed();
    expect(refused.house.get()?.spaces).toEqual({});
  });

  test("asks again and again while the server does not answer", async () => {
    vi.useFakeTimers();
    let tries = 0;
    const keeper = await started(async () => {
      tries += 1;
      if (tries < 3) throw new Error("no network");
      return spaceSnapshot(12, 9);
    });
    keeper.receive({ t: "reload", streams: [SPACE] });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tries).toBe(3);
    expect(keeper.house.get()?.cursors[SPACE]).toBe(12);
    vi.useRealTimers();
  });

  test("when one's own stream is to be reloaded, everything is asked for, and people stay known", async () => {
    let asked = 0;
    const keeper = await started(
      async () => spaceSnapshot(1, 0),
      async () => {
        asked += 1;
        return snapshot(asked === 1 ? 3 : 20, asked === 1 ? 1 : 15);
      },
    );
    const card = {
      id: OTHER,
      kind: "agent" as const,
      organisation_id: id(5),
      given_name: "Inès",
      family_name: "Courtial",
      function: "",
      picture: null,
    };
    keeper.learn([card]);
    const renewed: string[] = [];
    keeper.onRenewed((stream) => renewed.push(stream));
    keeper.receive({ t: "reload", streams: [ME] });
    keeper.receive(sent(21, 16));
    await flushed();
    expect(keeper.house.get()?.channels[CHANNEL]?.channel.last_ordinal).toBe(16);
    expect(keeper.house.get()?.people[OTHER]).toEqual(card);
    expect(renewed.sort()).toEqual([ME, SPACE].sort());
  });

  test("an answer that comes after signing out changes nothing", async () => {
    let answer: (snapshot: SpaceSnapshot) => void = () => undefined;
    const keeper = await started(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    keeper.receive({ t: "reload", streams: [SPACE] });
    keeper.stop();
    answer(spaceSnapshot(10, 7));
    await flushed();
    expect(keeper.house.get()).toBeNull();
  });

  test("a space that is lost while it is on its way does not come back with the answer", async () => {
    let answer: (snapshot: SpaceSnapshot) => void = () => undefined;
    const keeper = await started(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    keeper.receive(frame(ME, 8, { type: "spaces.space.gained", space_id: SECOND }));
    keeper.receive(frame(ME, 9, { type: "spaces.space.lost", space_id: SECOND }));
    const stale = answer;
    keeper.receive(frame(ME, 10, { type: "spaces.space.gained", space_id: SECOND }));
    stale({ ...spaceSnapshot(1, 0), space: ownSpace(SECOND, 1), channels: [] });
    await flushed();
    expect(Object.keys(keeper.house.get()?.spaces ?? {})).toEqual([SPACE]);
    answer({ ...spaceSnapshot(4, 0), space: ownSpace(SECOND, 4), channels: [] });
    await flushed();
    expect(keeper.house.get()?.cursors[SECOND]).toBe(4);
  });

  test("what a space hid is gone, and asked for when it shows again", async () => {
    const space = vi.fn(async () => spaceSnapshot(5, 1));
    const keeper = await started(space);
    const changed = (q: number, a: EventFrame["a"]): EventFrame =>
      frame(SPACE, q, { type: "spaces.space.changed", space: ownSpace(SPACE, q).space }, { a: a ?? [] });
    keeper.receive(changed(4, ["spaces:space:read"]));
    expect(keeper.house.get()?.channels).toEqual({});
    expect(space).not.toHaveBeenCalled();
    keeper.receive(changed(5, ["spaces:space:read", "chat:message:read"]));
    keeper.receive(sent(6, 2));
    await flushed();
    expect(space).toHaveBeenCalledTimes(1);
    expect(keeper.house.get()?.channels[CHANNEL]?.channel.last_ordinal).toBe(2);
  });

  test("is asked for when its files open, whose names messages do not tell until then", async () => {
    const space = vi.fn(async () => spaceSnapshot(5, 1));
    const keeper = await started(space);
    const renewed = vi.fn();
    keeper.onRenewed(renewed);
    const changed = (q: number, a: EventFrame["a"]): EventFrame =>
      frame(SPACE, q, { type: "spaces.space.changed", space: ownSpace(SPACE, q).space }, { a: a ?? [] });
    keeper.receive(changed(4, ["spaces:space:read", "chat:message:read"]));
    await flushed();
    space.mockClear();
    keeper.receive(changed(5, ["spaces:space:read", "chat:message:read", "files:file:read"]));
    await flushed();
    expect(space).toHaveBeenCalledTimes(1);
    expect(renewed).toHaveBeenCalledWith(SPACE);
  });

  test("loses nothing of a space it does not know yet while everything is asked for", async () => {
    const answers: ((snapshot: Snapshot) => void)[] = [];
    let keeperStarted = false;
    const keeper = await started(
      async () => spaceSnapshot(1, 0),
      () => new Promise((resolve) => (keeperStarted ? answers.push(resolve) : resolve(snapshot()))),
    );
    keeperStarted = true;
    keeper.receive({ t: "reload", streams: [id(50), id(51), id(52), id(53), SPACE] });
    keeper.receive(frame(SECOND, 2, { type: "core.gone" }));
    keeper.receive(frame(SECOND, 3, { type: "core.gone" }));
    answers[0]?.({ ...snapshot(9, 3), spaces: [ownSpace(SPACE, 9), ownSpace(SECOND, 2)] });
    await flushed();
    expect(keeper.house.get()?.cursors).toEqual({ [ME]: 7, [SPACE]: 9, [SECOND]: 3 });
  });

  test("whoever waits for a space waits for the answer that is on its way", async () => {
    let answer: (snapshot: SpaceSnapshot) => void = () => undefined;
    const space = vi.fn(
      () =>
        new Promise<SpaceSnapshot>((resolve) => {
          answer = resolve;
        }),
    );
    const keeper = await started(space);
    keeper.receive(frame(ME, 8, { type: "spaces.space.gained", space_id: SECOND }));
    let shown = false;
    const waited = keeper.gain(SECOND).then(() => {
      shown = SECOND in (keeper.house.get()?.spaces ?? {});
    });
    await flushed();
    expect([shown, space.mock.calls.length]).toEqual([false, 1]);
    answer({ ...spaceSnapshot(1, 0), space: ownSpace(SECOND, 1), channels: [] });
    await waited;
    expect(shown).toBe(true);
    await keeper.gain(SECOND);
    expect(space).toHaveBeenCalledTimes(1);
  });
});
