import type { Pending } from "./outbox";

/** Where messages that are not sent yet are laid down on this device. Everything may fail: browsers may forbid it. */
export type Shelf = {
  /** What lies there of this person, in the order of writing; what lies there of others is thrown away. */
  readonly read: (person: string) => Promise<readonly Pending[]>;
  /** Done once it would survive the end of the page. `gone`: the client ids of what is to be taken away. */
  readonly write: (person: string, put: readonly Pending[], gone: readonly string[]) => Promise<void>;
  readonly clear: () => Promise<void>;
};

type Row = Omit<Pending, "message"> & { readonly person: string };

const DATABASE = "bastide.outbox";
const STORE = "messages";

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: ["person", "client_id"] });
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      // Another window with a later build must not wait for this one.
      asked.result.onversionchange = () => {
        asked.result.close();
        opened = null;
      };
      resolve(asked.result);
    };
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** Does something with what is stored; resolves when it is done for good. */
async function within<T>(run: (store: IDBObjectStore) => IDBRequest<T> | null): Promise<T | null> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const act = database.transaction(STORE, "readwrite", { durability: "strict" });
    const request = run(act.objectStore(STORE));
    act.oncomplete = () => resolve(request ? request.result : null);
    act.onabort = () => reject(act.error);
  });
}

function isRow(thing: unknown): thing is Row {
  if (typeof thing !== "object" || thing === null) return false;
  const row = thing as Partial<Row>;
  const texts = [row.person, row.client_id, row.channel_id, row.made_at];
  return (
    texts.every((text) => typeof text === "string") &&
    (row.state === "waiting" || row.state === "failed") &&
    Array.isArray(row.files) &&
    typeof row.content === "object"
  );
}

/** The browser's own database. */
export const shelf: Shelf = {
  async read(person) {
    const all: unknown[] = (await within((store) => store.getAll())) ?? [];
    const rows = all.filter(isRow);
    if (all.length !== rows.length || rows.some((row) => row.person !== person)) {
      await within((store) => {
        for (const row of rows) if (row.person !== person) store.delete([row.person, row.client_id]);
        return null;
      });
    }
    return rows
      .filter((row) => row.person === person)
      .sort((one, other) => (one.made_at < other.made_at ? -1 : one.made_at > other.made_at ? 1 : 0))
      .map(({ person: _, ...pending }) => ({ ...pending, message: null }));
  },
  async write(person, put, gone) {
    await within((store) => {
      for (const { message: _, ...pending } of put) store.put({ ...pending, person } satisfies Row);
      for (const id of gone) store.delete([person, id]);
      return null;
    });
  },
  async clear() {
    await within((store) => store.clear());
  },
};
