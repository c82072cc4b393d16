import { describe, expect, test } from "vitest";
import { reducers } from "#/app/reducers";
import { ProblemError } from "#/core/api/errors";
import type { AnyToWindow, Snapshot, SpaceSnapshot } from "#/core/api/schema";
import { type House, houseOf } from "./house";
import { Keeper } from "./keeper";

/*
 * Snapshot before + events = snapshot after, for each kind of event. The fixtures are made through the server's own
 * services by tests/contract, which fails when they are no longer what the server says.
 */

type Fixture = {
  readonly name: string;
  readonly me: string;
  readonly before: Snapshot;
  /** What a connected window hears. */
  readonly frames: readonly AnyToWindow[];
  /** What the server shows of a space after so many frames. */
  readonly asked: readonly { readonly heard: number; readonly space: SpaceSnapshot }[];
  /** What a window hears that comes back at the end. */
  readonly late: readonly AnyToWindow[];
  readonly after: Snapshot;
};

const fixtures = Object.values(
  import.meta.glob<Fixture>("/src/test/fixtures/*.json", { eager: true, import: "default" }),
);

const gone = (): ProblemError =>
  new ProblemError({ type: "about:blank", status: 404, code: "not-found", title: "" });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** People are known or not, and never changed by events: what both know must agree. */
function expectSame(house: House | null, fixture: Fixture): void {
  const after = houseOf(fixture.me, fixture.after);
  expect({ ...house, people: {} }).toEqual({ ...after, people: {} });
  for (const [id, person] of Object.entries(after.people)) {
    if (house?.people[id]) expect(house.people[id]).toEqual(person);
  }
}

/** A space as a snapshot of everything shows it. */
function partOf(snapshot: Snapshot, id: string): SpaceSnapshot | undefined {
  const space = snapshot.spaces.find((own) => own.space.id === id);
  return (
    space && {
      space,
      people: snapshot.people,
      channels: snapshot.channels.filter(({ channel }) => channel.space_id === id),
      call: snapshot.calls.find((call) => call.space_id === id) ?? null,
    }
  );
}

async function keeperOf(
  fixture: Fixture,
  space: (id: string) => Promise<SpaceSnapshot | undefined>,
): Promise<Keeper> {
  const keeper = new Keeper({
    snapshot: async () => fixture.before,
    space: async (id) => {
      const found = await space(id);
      if (!found) throw gone();
      return found;
    },
  });
  keeper.use(reducers);
  await keeper.start(fixture.me);
  return keeper;
}

describe.each(fixtures)("$name", (fixture) => {
  /** Answers with the first telling of a space after the frame that made the window ask. */
  async function live(
    play: (keeper: Keeper, heard: (count: number) => void) => Promise<void>,
  ): Promise<Keeper> {
    let heard = 0;
    const keeper = await keeperOf(fixture, async (id) => {
      const since = heard;
      await settled();
      return fixture.asked.find((one) => one.heard >= since && one.space.space.space.id === id)?.space;
    });
    await play(keeper, (count) => {
      heard = count;
    });
    await settled();
    await settled();
    return keeper;
  }

  test("a connected window sees what the server shows, each event as it comes", async () => {
    const keeper = await live(async (one, heard) => {
      for (const [index, frame] of fixture.frames.entries()) {
        heard(index + 1);
        one.receive(frame);
        await settled();
      }
    });
    expectSame(keeper.house.get(), fixture);
  });

  test("so it does when answers are slower than events, and when events come twice", async () => {
    const keeper = await live(async (one, heard) => {
      for (const [index, frame] of fixture.frames.entries()) {
        heard(index + 1);
        one.receive(frame);
        one.receive(frame);
      }
      for (const frame of fixture.frames) one.receive(frame);
    });
    expectSame(keeper.house.get(), fixture);
  });

  test("a window that comes back sees it too", async () => {
    const keeper = await keeperOf(fixture, async (id) => partOf(fixture.after, id));
    for (const frame of fixture.late) keeper.receive(frame);
    await settled();
    await settled();
    expectSame(keeper.house.get(), fixture);
  });

  test("and so does one that asks for everything anew", async () => {
    let asked = 0;
    const keeper = new Keeper({
      snapshot: async () => {
        asked += 1;
        return asked === 1 ? fixture.before : fixture.after;
      },
      space: async () => {
        throw gone();
      },
    });
    keeper.use(reducers);
    await keeper.start(fixture.me);
    keeper.receive({ t: "reload", streams: [fixture.me] });
    for (const frame of fixture.frames) keeper.receive(frame);
    await settled();
    expectSame(keeper.house.get(), fixture);
  });
});

test("there are fixtures", () => {
  expect(fixtures.length).toBeGreaterThan(10);
});
