import { words } from "#/core/api/content";
import type { FileView, MessageView, ProblemDetails } from "#/core/api/schema";
import type { Uploading } from "#/files/uploads";
import { type Departure, discardDeparture, retryDeparture, type Standing } from "../composer/departures";
import type { Pending } from "../outbox";
import type { Placed } from "./rows";

/** How a message of one's own that is not in the channel yet stands. */
export type Way = {
  readonly state: "waiting" | "failed";
  /** Why it was refused; null while it waits. */
  readonly problem: ProblemDetails | null;
  /** The files of it that are not on the server yet, or were refused. */
  readonly uploads: readonly Uploading[];
  readonly retry: () => void;
  readonly discard: () => void;
};

/** A message as the list shows it: one of the channel, or one of one's own on its way there. */
export type Shown = Placed & {
  /** The server's id; null while it has none. */
  readonly id: string | null;
  readonly text: string;
  readonly files: readonly FileView[];
  readonly editedAt: number | null;
  readonly deleted: boolean;
  readonly way: Way | null;
};

const known = new WeakMap<MessageView, Shown>();

/** The same message gives the same thing, so that rows which did not change are not drawn again. */
export function shownOf(message: MessageView): Shown {
  const before = known.get(message);
  if (before) return before;
  const shown: Shown = {
    key: message.client_id,
    id: message.id,
    authorId: message.author_id,
    at: Date.parse(message.sent_at),
    ordinal: message.ordinal,
    text: words(message.content),
    files: message.files,
    editedAt: message.edited_at === null ? null : Date.parse(message.edited_at),
    deleted: message.deleted_at !== null,
    way: null,
  };
  known.set(message, shown);
  return shown;
}

const knownPending = new WeakMap<Pending, Shown>();

export function pendingShown(
  pending: Pending,
  me: string,
  act: { retry: (clientId: string) => void; discard: (clientId: string) => void },
): Shown {
  const before = knownPending.get(pending);
  if (before) return before;
  const sent = pending.state === "sent";
  const shown: Shown = {
    key: pending.client_id,
    id: pending.message?.id ?? null,
    authorId: me,
    at: Date.parse(pending.message?.sent_at ?? pending.made_at),
    // Its event may not have been heard yet: until then it has no place among the others.
    ordinal: null,
    text: words(pending.content),
    files: pending.files,
    editedAt: null,
    deleted: false,
    way: sent
      ? null
      : {
          state: pending.state === "failed" ? "failed" : "waiting",
          problem: pending.problem,
          uploads: [],
          retry: () => act.retry(pending.client_id),
          discard: () => act.discard(pending.client_id),
        },
  };
  knownPending.set(pending, shown);
  return shown;
}

/** A message that waits for its files. */
export function departureShown(departure: Departure, now: Standing, me: string): Shown {
  return {
    key: departure.id,
    id: null,
    authorId: me,
    at: departure.at,
    ordinal: null,
    text: departure.text,
    files: [],
    editedAt: null,
    deleted: false,
    way: {
      state: now.state === "failed" ? "failed" : "waiting",
      problem: now.state === "failed" ? now.problem : null,
      uploads: now.state === "ready" ? [] : now.uploads,
      retry: () => retryDeparture(departure.id),
      discard: () => discardDeparture(departure.id),
    },
  };
}
