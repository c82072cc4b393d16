import type { Outbox, Pending } from "./outbox";
import type { Shelf } from "./shelf";

export type Keeping = {
  /** Takes up again what this person had written and the server had not; from now on lays down what they write. */
  readonly start: (person: string) => Promise<void>;
  /** Nobody is here any more; what is laid down stays. */
  readonly stop: () => void;
  /** The person signed out: nothing stays. */
  readonly forget: () => Promise<void>;
  /** Whether the end of the page would lose something. */
  readonly loses: () => boolean;
};

/**
 * What one has written and the server has not acknowledged survives the end of the page. Taken up again, it goes out
 * under the same client id, so that it is said once whatever the server had of it already.
 *
 * `mayKeep` says of which channels words may be written to the disk, `isHere` which there still are.
 */
export function keepPendings(
  outbox: Outbox,
  shelf: Shelf,
  mayKeep: (channel: string) => boolean,
  isHere: (channel: string) => boolean,
): Keeping {
  let person: string | null = null;
  let life = 0;
  /** As they were last laid down, and those of them that are on the disk. */
  const laid = new Map<string, Pending>();
  const safe = new Set<string>();
  let writing: Promise<void> = Promise.resolve();

  const unsent = (): Pending[] =>
    Object.values(outbox.pendings.get())
      .flat()
      .filter(({ state }) => state !== "sent");

  function follow(): void {
    if (person === null) return;
    const whose = person;
    const wanted = new Map(
      unsent()
        .filter(({ channel_id }) => mayKeep(channel_id))
        .map((one) => [one.client_id, one]),
    );
    const put = [...wanted.values()].filter((one) => laid.get(one.client_id)?.state !== one.state);
    const gone = [...laid.keys()].filter((id) => !wanted.has(id));
    if (put.length === 0 && gone.length === 0) return;
    for (const one of put) laid.set(one.client_id, one);
    for (const id of gone) {
      laid.delete(id);
      safe.delete(id);
    }
    const mine = life;
    writing = writing
      .then(() => shelf.write(whose, put, gone))
      .then(() => {
        if (mine !== life) return;
        for (const { client_id } of put) if (laid.has(client_id)) safe.add(client_id);
      })
      // What could not be laid down is not safe, and the page says so when it is closed.
      .catch(() => undefined);
  }

  function stop(): void {
    life += 1;
    person = null;
    laid.clear();
    safe.clear();
  }

  outbox.pendings.subscribe(follow);

  return {
    async start(whose) {
      stop();
      const mine = life;
      await writing;
      const kept = await shelf.read(whose).catch(() => []);
      if (mine !== life) return;
      person = whose;
      for (const one of kept) {
        laid.set(one.client_id, one);
        safe.add(one.client_id);
      }
      // Where one is no longer, nothing can be said; what is not taken up is taken away.
      outbox.restore(kept.filter(({ channel_id }) => isHere(channel_id)));
      follow();
    },
    stop,
    forget() {
      stop();
      writing = writing.then(() => shelf.clear()).catch(() => undefined);
      return writing;
    },
    loses: () => unsent().some(({ client_id, state }) => state === "waiting" && !safe.has(client_id)),
  };
}
