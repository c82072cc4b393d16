import { api, take } from "#/core/api/client";
import type { AnyToWindow } from "#/core/api/schema";
import { session, sessionEnded, stillSignedIn, whenLeft } from "#/core/session/session";
import { createConnection } from "#/core/socket/connection";
import { createStore, useStore } from "#/core/store";
import type { House } from "./house";
import { Keeper } from "./keeper";
import { Presences } from "./presence";

/** The one house of this window, and the one socket that keeps it true. */
export const keeper: Keeper = new Keeper({
  snapshot: () => take(api.GET("/api/snapshot")),
  space: (space_id) => take(api.GET("/api/snapshot/{space_id}", { params: { path: { space_id } } })),
});

/** Whether the server hands out another build of the window than the one that runs here. */
export const fresher = createStore(false);
let build: string | null = null;

function welcomed(current: string, rule: string): void {
  build ??= current;
  fresher.set(build !== current);
  keeper.under(rule);
}

function deliver(frame: AnyToWindow): void {
  if (frame.t === "presence") presences.receive(frame);
  else if (frame.t === "people") keeper.learn(frame.cards);
  else if (frame.t === "welcome") welcomed(frame.build, frame.rule);
  else keeper.receive(frame);
}

export const connection = createConnection({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/socket`,
  cursors: () => keeper.cursors(),
  deliver,
  checkSession: () => void stillSignedIn(),
  signedOut: sessionEnded,
});

/** Who is there, of the people this window shows. */
export const presences: Presences = new Presences((note) => connection.keepTelling(note));

let opening: Promise<void> | null = null;

/** Opens the house of whoever is signed in: its snapshot first, then the socket that carries it forward. */
export function openHouse(me: string): Promise<void> {
  if (keeper.house.get()?.me === me) return Promise.resolve();
  opening ??= keeper
    .start(me)
    .then(() => connection.start())
    .finally(() => {
      opening = null;
    });
  return opening;
}

// Who has become more surely themselves, or less, may read other things: in this window or in another of the browser.
let sure: string | null = null;
session.subscribe(() => {
  const now = session.get();
  const before = sure;
  sure = now.state === "in" ? now.me.strength : null;
  if (before && sure && before !== sure) void keeper.renew();
});

// Whoever signs out leaves nothing behind in this window.
whenLeft(() => {
  connection.stop();
  keeper.stop();
  presences.clear();
});

/**
 * A part of the house, and again whenever it changes. `select` must give the same reference while nothing it reads
 * has changed: take things out of the house, and put them together with `useMemo`.
 */
export function useHouse<Part>(select: (house: House) => Part): Part {
  return useStore(keeper.house, (house) => select(house ?? lastHouse()));
}

let last: House | null = null;
keeper.house.subscribe(() => {
  last = keeper.house.get() ?? last;
});

/** While the pages of a session that has just ended are being taken down, they still show what was there. */
function lastHouse(): House {
  if (!last) throw new Error("useHouse before the house was opened");
  return last;
}
