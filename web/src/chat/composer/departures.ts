import { newId } from "#/core/api/ids";
import type { FileView, ProblemDetails } from "#/core/api/schema";
import { whenLeft } from "#/core/session/session";
import { createStore, type Store } from "#/core/store";
import { type Uploading, uploads } from "#/files/uploads";

/** A message that is written, and goes out once its files are on the server. */
export type Departure = {
  readonly id: string;
  readonly channel: string;
  readonly text: string;
  readonly at: number;
  /** The ids of its uploads. */
  readonly uploads: readonly string[];
};

/** What of the uploads a departure needs to know: those of its own, and what they came to. */
export type Standing =
  | { readonly state: "ready"; readonly files: readonly FileView[] }
  | { readonly state: "waiting"; readonly uploads: readonly Uploading[] }
  | { readonly state: "failed"; readonly uploads: readonly Uploading[]; readonly problem: ProblemDetails };

/** How a departure stands. An upload that the server could not be reached for still waits: it goes on by itself. */
export function standing(departure: Departure, all: readonly Uploading[]): Standing {
  const mine = departure.uploads.flatMap((id) => all.find((one) => one.id === id) ?? []);
  const problem = mine.find((one) => one.state === "failed" && one.problem !== null)?.problem;
  if (problem) return { state: "failed", uploads: mine, problem };
  const files = mine.flatMap(({ file }) => file ?? []);
  return files.length === mine.length ? { state: "ready", files } : { state: "waiting", uploads: mine };
}

/** Messages that wait for their files, in the order of writing. */
export const departures: Store<readonly Departure[]> = createStore<readonly Departure[]>([]);

type Send = (channel: string, text: string, files: readonly FileView[]) => void;
let send: Send = () => undefined;

/** How a message leaves once its files are there. */
export function departBy(how: Send): void {
  send = how;
}

function forget(id: string): void {
  departures.set(departures.get().filter((one) => one.id !== id));
}

function look(): void {
  for (const one of departures.get()) {
    const now = standing(one, uploads.all.get());
    if (now.state !== "ready") continue;
    forget(one.id);
    for (const id of one.uploads) uploads.remove(id);
    if (one.text || now.files.length > 0) send(one.channel, one.text, now.files);
  }
}

uploads.all.subscribe(look);
whenLeft(() => departures.set([]));

/** Has a message go out once these uploads are done; at once when they are. */
export function depart(channel: string, text: string, ids: readonly string[]): void {
  departures.set([...departures.get(), { id: newId(), channel, text, at: Date.now(), uploads: ids }]);
  look();
}

/** Tries again what was refused of it. */
export function retryDeparture(id: string): void {
  const one = departures.get().find((departure) => departure.id === id);
  for (const upload of one?.uploads ?? []) uploads.retry(upload);
}

/** The message stays home, and its files with it. */
export function discardDeparture(id: string): void {
  const one = departures.get().find((departure) => departure.id === id);
  forget(id);
  for (const upload of one?.uploads ?? []) uploads.remove(upload);
}
