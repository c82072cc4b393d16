import type { AnyToWindow } from "#/core/api/schema";
import type { Note } from "#/core/socket/machine";
import { createStore, type Store } from "#/core/store";

/** What someone seems to be doing: in front of a window, in a call, away from it, or not connected. */
export const PRESENCES = ["here", "busy", "away", "gone"] as const;
export type Presence = (typeof PRESENCES)[number];

/** The server takes this many from one window. */
const WATCHED_MOST = 500;
/** A page that is built up names its people one after the other; they are told of together. */
const TOGETHER_MS = 30;

/**
 * Who is there, of the people whom this window shows now. Each part of the window names those it shows; the server
 * is told of all of them together, and tells of them alone.
 */
export class Presences {
  readonly states: Store<{ readonly [person: string]: Presence }> = createStore({});
  readonly #shown = new Map<string, number>();
  readonly #tell: (note: Note) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = "";

  constructor(tell: (note: Note) => void) {
    this.#tell = tell;
  }

  /** Shows someone, until the function it gives is called. */
  watch(person: string): () => void {
    this.#shown.set(person, (this.#shown.get(person) ?? 0) + 1);
    this.#soon();
    return () => {
      const left = (this.#shown.get(person) ?? 1) - 1;
      if (left > 0) this.#shown.set(person, left);
      else this.#shown.delete(person);
      this.#soon();
    };
  }

  receive(frame: Extract<AnyToWindow, { t: "presence" }>): void {
    const next = { ...this.states.get() };
    for (const presence of PRESENCES) {
      for (const person of frame[presence] ?? []) next[person] = presence;
    }
    this.states.set(next);
  }

  /** Somebody signed out: nothing is known any more. */
  clear(): void {
    this.#told = "";
    this.states.set({});
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // Those shown last, if there are too many.
      const people = [...this.#shown.keys()].slice(-WATCHED_MOST);
      const all = people.join();
      if (all === this.#told) return;
      this.#told = all;
      this.#tell({ t: "watch", people });
    }, TOGETHER_MS);
  }
}
