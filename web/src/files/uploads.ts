import { useMemo } from "react";
import { ProblemError, Unreachable } from "#/core/api/errors";
import { newId } from "#/core/api/ids";
import type { FileView, ProblemDetails } from "#/core/api/schema";
import { upload } from "#/core/api/upload";
import { connection } from "#/core/journal/live";
import { whenLeft } from "#/core/session/session";
import { createStore, type Store, useStore } from "#/core/store";

/** A file on its way into a space. */
export type Uploading = {
  /** The client id: every attempt at this file is the same file. */
  readonly id: string;
  readonly space: string;
  /** What it is uploaded for: `FILES`, or the channel whose next message it hangs on. */
  readonly scope: string;
  readonly name: string;
  readonly size: number;
  readonly media_type: string;
  /** Bytes that are out. */
  readonly sent: number;
  readonly state: "waiting" | "sending" | "done" | "failed";
  /** Once done. */
  readonly file: FileView | null;
  /** Once failed: the server's refusal; null when it could not be reached. */
  readonly problem: ProblemDetails | null;
  /** What is uploaded, for a picture of it while it is. */
  readonly blob: Blob;
};

export type Uploads = {
  readonly all: Store<readonly Uploading[]>;
  /** Puts files on their way, in this order. Gives their ids. */
  start: (space: string, scope: string, files: readonly File[]) => readonly string[];
  /** Tries a failed one again. */
  retry: (id: string) => void;
  /** Stops one and takes it off the list; what the server has by then is not taken back. */
  remove: (id: string) => void;
  /** Tries again what failed because the server could not be reached. */
  retryLost: () => void;
  clear: () => void;
};

export type SendFile = (
  one: Uploading,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
) => Promise<FileView>;

/** The scope of what goes into the list of files itself. */
export const FILES = "files";

const AT_ONCE = 2;

/** Files go out two at a time, so that a small one does not wait for a large one, nor all of them for each other. */
export function createUploads(send: SendFile): Uploads {
  const all = createStore<readonly Uploading[]>([]);
  const running = new Map<string, AbortController>();

  function update(id: string, change: Partial<Uploading>): void {
    all.set(all.get().map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  function next(): void {
    while (running.size < AT_ONCE) {
      const one = all.get().find(({ id, state }) => state === "waiting" && !running.has(id));
      if (!one) return;
      void run(one);
    }
  }

  async function run(one: Uploading): Promise<void> {
    const abort = new AbortController();
    running.set(one.id, abort);
    update(one.id, { state: "sending", sent: 0, problem: null });
    try {
      const file = await send(one, (sent) => update(one.id, { sent }), abort.signal);
      update(one.id, { state: "done", sent: one.size, file });
    } catch (error) {
      // Who was stopped is no longer on the list, or waits for another attempt.
      if (!abort.signal.aborted) {
        update(one.id, { state: "failed", problem: error instanceof ProblemError ? error.details : null });
        if (!(error instanceof ProblemError || error instanceof Unreachable)) throw error;
      }
    } finally {
      if (running.get(one.id) === abort) running.delete(one.id);
      next();
    }
  }

  return {
    all,
    start(space, scope, files) {
      const fresh = files.map(
        (file): Uploading => ({
          id: newId(),
          space,
          scope,
          name: file.name,
          size: file.size,
          media_type: file.type,
          sent: 0,
          state: "waiting",
          file: null,
          problem: null,
          blob: file,
        }),
      );
      all.set([...all.get(), ...fresh]);
      next();
      return fresh.map(({ id }) => id);
    },
    retry(id) {
      if (all.get().find((one) => one.id === id)?.state !== "failed") return;
      update(id, { state: "waiting", problem: null, sent: 0 });
      next();
    },
    remove(id) {
      all.set(all.get().filter((one) => one.id !== id));
      running.get(id)?.abort();
      running.delete(id);
      next();
    },
    retryLost() {
      for (const { id, state, problem } of all.get()) {
        if (state === "failed" && problem === null) this.retry(id);
      }
    },
    clear() {
      all.set([]);
      for (const abort of running.values()) abort.abort();
      running.clear();
    },
  };
}

/** The uploads of this window. */
export const uploads = createUploads((one, onProgress, signal) => {
  const query = new URLSearchParams({ name: one.name, client_id: one.id });
  // For a message: until that is sent, nobody else knows of it.
  if (one.scope !== FILES) query.set("waiting", "true");
  const url = `/api/spaces/${one.space}/files?${query}`;
  return upload<FileView>({ method: "POST", url, body: one.blob, onProgress, signal });
});

whenLeft(() => uploads.clear());

connection.line.subscribe(() => {
  if (connection.line.get().phase === "open") uploads.retryLost();
});

window.addEventListener("beforeunload", (event) => {
  if (uploads.all.get().some(({ state }) => state === "waiting" || state === "sending"))
    event.preventDefault();
});

export type OwnUploads = {
  readonly uploads: readonly Uploading[];
  readonly start: (files: readonly File[]) => readonly string[];
  readonly retry: (id: string) => void;
  readonly remove: (id: string) => void;
};

/** The uploads into a space for one purpose: `FILES` for its list, a channel's id for its next message. */
export function useUploads(space: string, scope: string): OwnUploads {
  const all = useStore(uploads.all, (every) => every);
  return useMemo(
    () => ({
      uploads: all.filter((one) => one.space === space && one.scope === scope),
      start: (files) => uploads.start(space, scope, files),
      retry: (id) => uploads.retry(id),
      remove: (id) => uploads.remove(id),
    }),
    [all, space, scope],
  );
}
