import { connection, keeper } from "#/core/journal/live";
import { whenLeft } from "#/core/session/session";
import { createStore, type Store } from "#/core/store";

/** Who is writing where: by channel, until when each of them is believed to be. */
export type Typers = { readonly [channel: string]: { readonly [person: string]: number } };

/** An event says that someone writes for about this long. */
const LASTS_MS = 6_000;
/** While one writes on, the others are told again this often. */
const TELL_MS = 3_000;

export const typers: Store<Typers> = createStore<Typers>({});
let sweeping: ReturnType<typeof setTimeout> | undefined;
const told = new Map<string, number>();

/** Without those whose time is over at `now`, and without one person who is known to have stopped. */
export function typersAt(all: Typers, now: number, stopped?: { channel: string; person: string }): Typers {
  const kept = Object.entries(all).flatMap(([channel, people]) => {
    const writing = Object.entries(people).filter(
      ([person, until]) => until > now && !(stopped?.channel === channel && stopped.person === person),
    );
    return writing.length > 0 ? [[channel, Object.fromEntries(writing)] as const] : [];
  });
  return Object.fromEntries(kept);
}

function sweep(): void {
  typers.set(typersAt(typers.get(), Date.now()));
  clearTimeout(sweeping);
  const ends = Object.values(typers.get()).flatMap((people) => Object.values(people));
  if (ends.length > 0) sweeping = setTimeout(sweep, Math.max(50, Math.min(...ends) - Date.now()));
}

keeper.onFleeting(({ e }) => {
  if (e.type !== "chat.typing" || e.person_id === keeper.house.get()?.me) return;
  const all = typers.get();
  const people = { ...all[e.channel_id], [e.person_id]: Date.now() + LASTS_MS };
  typers.set({ ...all, [e.channel_id]: people });
  sweep();
});

keeper.onEvent(({ e }) => {
  if (e.type !== "chat.message.sent") return;
  const { channel_id, author_id } = e.message;
  if (typers.get()[channel_id]?.[author_id] === undefined) return;
  typers.set(typersAt(typers.get(), Date.now(), { channel: channel_id, person: author_id }));
});

whenLeft(() => {
  clearTimeout(sweeping);
  told.clear();
  typers.set({});
});

/** Tells the others that one is writing in a channel; call it at every key, it speaks up now and then. */
export function sayTyping(channel: string): void {
  const now = Date.now();
  if (now - (told.get(channel) ?? 0) < TELL_MS) return;
  told.set(channel, now);
  connection.tell({ t: "chat.typing", channel_id: channel });
}

/** One has sent or wiped what one wrote: the next key is told at once. */
export function stopTyping(channel: string): void {
  told.delete(channel);
}
