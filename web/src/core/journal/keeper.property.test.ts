import { expect, test, vi } from "vitest";
import { reducers } from "#/app/reducers";
import { ProblemError } from "#/core/api/errors";
import type { AnyEvent, AnyToWindow, EventFrame, OwnSpace, Snapshot, SpaceSnapshot } from "#/core/api/schema";
import { id, ME, message, OTHER, seeded } from "#/test/things";
import { type House, houseOf, takeIn, withSpace } from "./house";
import { Keeper } from "./keeper";

/*
 * A server of a few spaces on which anything happens, and a line on which frames are lost, doubled and swapped: in the end
 * the window shows what the server does. Whoever breaks the order of things finds a seed here that shows it.
 */

const SPACES = [10, 11, 12].map(id);
const channelOf = (space: string): string => id(100 + SPACES.indexOf(space));

/** What happens on the server, by chance, with the house as it should be seen. */
class Server {
  readonly #chance: () => number;
  readonly #ordinals = new Map<string, number>();
  readonly #seqs = new Map<string, number>();
  truth: House = houseOf(ME, {
    cursor: 0,
    organisations: [],
    people: [],
    spaces: [],
    channels: [],
    calls: [],
    holdings: [],
    rule: "0",
  });

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  /** The frames of one act, as a window hears them. */
  act(): AnyToWindow[] {
    if (this.#chance() < 0.1) return [this.#declare()];
    const space = SPACES[Math.floor(this.#chance() * SPACES.length)] ?? id(10);
    const own = this.truth.spaces[space];
    if (!own) return this.#chance() < 0.5 ? this.#gain(space) : [this.#message(space)].slice(1);
    const dice = this.#chance();
    if (dice < 0.12) return this.#lose(space);
    if (dice < 0.24) return [this.#tools(space, own.space.tools.length > 0)];
    return [this.#message(space)];
  }

  /** One event in each stream, so that whatever was lost before shows. */
  last(): EventFrame[] {
    const mine = this.#tell(ME, { type: "core.gone" });
    return [mine, ...Object.keys(this.truth.spaces).map((space) => this.#tell(space, { type: "core.gone" }))];
  }

  snapshot(): Snapshot {
    const { truth } = this;
    return {
      cursor: truth.cursors[ME] ?? 0,
      organisations: [],
      people: [],
      spaces: Object.keys(truth.spaces).map((space) => this.#own(space)),
      channels: Object.values(truth.channels),
      calls: [],
      holdings: [],
      rule: truth.rule,
    };
  }

  space(space: string): SpaceSnapshot {
    if (!this.truth.spaces[space]) {
      throw new ProblemError({ type: "x", status: 404, code: "not-found", title: "" });
    }
    const channel = this.truth.channels[channelOf(space)];
    return { space: this.#own(space), people: [], channels: channel ? [channel] : [], call: null };
  }

  #own(space: string): OwnSpace {
    const held = this.truth.spaces[space];
    if (!held) throw new Error("no such space");
    return { ...held, cursor: this.truth.cursors[space] ?? 0 };
  }

  #next(stream: string): number {
    const seq = (this.#seqs.get(stream) ?? 0) + 1;
    this.#seqs.set(stream, seq);
    return seq;
  }

  #tell(s: string, e: AnyEvent, a?: EventFrame["a"]): EventFrame {
    const at = "2026-03-10T08:00:00Z";
    const frame: EventFrame = { t: "event", s, q: this.#next(s), at, by: OTHER, e, ...(a && { a }) };
    if (s in this.truth.cursors) {
      const taken = takeIn(this.truth, frame, reducers);
      expect(taken.outcome).toBe("taken");
      this.truth = taken.house;
    }
    return frame;
  }

  #shown(space: string, chat: boolean): SpaceSnapshot {
    const last = this.#ordinals.get(space) ?? 0;
    const abilities: OwnSpace["abilities"] = chat
      ? ["chat:message:read", "spaces:space:read"]
      : ["spaces:space:read"];
    const channel = {
      id: channelOf(space),
      space_id: space,
      name: { format: "plain", text: "général" },
      topic: { format: "plain", text: "" },
      position: 0,
      last_ordinal: last,
      last: last > 0 ? this.#said(space, last) : null,
    } as const;
    return {
      space: {
        space: {
          id: space,
          organisation_id: id(5),
          kind: "team",
          label: "internal",
          tools: chat ? ["chat"] : [],
          name: { format: "plain", text: space },
          description: { format: "plain", text: "" },
          created_at: "2026-03-01T08:00:00Z",
          members_count: 2,
          faces: [ME, OTHER],
        },
        role: "contributor",
        abilities,
        barred: 0,
        cursor: this.#seqs.get(space) ?? 0,
      },
      people: [],
      channels: chat ? [{ channel, read: 0 }] : [],
      call: null,
    };
  }

  /** Another rule: no event tells it, windows are told to ask for everything anew. */
  #declare(): AnyToWindow {
    this.truth = { ...this.truth, rule: String(Number(this.truth.rule) + 1) };
    return { t: "reload", streams: [ME] };
  }

  #gain(space: string): EventFrame[] {
    const added: AnyEvent = {
      type: "spaces.member.added",
      person_id: ME,
      role: "contributor",
      members_count: 2,
      faces: [ME, OTHER],
    };
    const came = this.#tell(space, added);
    this.truth = withSpace(this.truth, this.#shown(space, true));
    return [came, this.#tell(ME, { type: "spaces.space.gained", space_id: space })];
  }

  #lose(space: string): EventFrame[] {
    return [this.#tell(ME, { type: "spaces.space.lost", space_id: space })];
  }

  #tools(space: string, chat: boolean): EventFrame {
    const shown = this.#shown(space, !chat);
    const event: AnyEvent = { type: "spaces.space.changed", space: shown.space.space };
    const frame = this.#tell(space, event, shown.space.abilities);
    // What comes back is what was there: events alone do not bring it.
    this.truth = withSpace(this.truth, this.#shown(space, !chat));
    return frame;
  }

  #said(space: string, ordinal: number) {
    return message(ordinal, { space_id: space, channel_id: channelOf(space) });
  }

  #message(space: string): EventFrame {
    const ordinal = (this.#ordinals.get(space) ?? 0) + 1;
    this.#ordinals.set(space, ordinal);
    return this.#tell(space, { type: "chat.message.sent", message: this.#said(space, ordinal) });
  }
}

async function play(seed: number): Promise<void> {
  const chance = seeded(seed);
  const server = new Server(chance);
  /** Reads at once or later, and answers later still: some answers are old when they come. */
  async function read<T>(look: () => T): Promise<T> {
    await new Promise((resolve) => setTimeout(resolve, chance() * 30));
    const seen = look();
    await new Promise((resolve) => setTimeout(resolve, chance() * 30));
    if (chance() < 0.1) throw new Error("no network");
    return seen;
  }
  const keeper = new Keeper({
    snapshot: () => read(() => server.snapshot()),
    space: (space) => read(() => server.space(space)),
  });
  keeper.use(reducers);
  await vi.waitFor(() => keeper.start(ME), { timeout: 1_000, interval: 1 });
  let held: EventFrame | null = null;
  for (let step = 0; step < 80; step += 1) {
    for (const frame of server.act()) {
      const dice = chance();
      if (frame.t === "event" && dice < 0.04) continue;
      if (frame.t === "event" && dice < 0.08 && !held) {
        held = frame;
        continue;
      }
      keeper.receive(frame);
      if (dice < 0.2) keeper.receive(frame);
    }
    if (held && chance() < 0.5) {
      keeper.receive(held);
      held = null;
    }
    if (chance() < 0.4) await vi.advanceTimersByTimeAsync(chance() * 40);
  }
  // What a lost frame hid shows with the next one of its stream; then with the one after it nothing is missing.
  for (let round = 0; round < 2; round += 1) {
    await vi.advanceTimersByTimeAsync(20_000);
    for (const frame of server.last()) keeper.receive(frame);
  }
  await vi.advanceTimersByTimeAsync(20_000);
  expect(keeper.house.get(), `seed ${seed}`).toEqual(server.truth);
}

test("whatever happens on the way, the window shows what the server does", async () => {
  vi.useFakeTimers();
  try {
    for (let seed = 1; seed <= 30; seed += 1) await play(seed);
  } finally {
    vi.useRealTimers();
  }
});
