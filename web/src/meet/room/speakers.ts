import { createStore, type Store } from "#/core/store";

/** How often others are told that one speaks, where the media server does not tell them. */
const TELL_EVERY_MS = 1_100;
/** How long what somebody tells of themselves holds: a little longer than until they tell it again. */
const TOLD_LASTS_MS = 1_900;

/**
 * Who speaks, by the media server and by what windows tell of themselves.
 *
 * In a call of many one receives the last speakers only, and the media server tells of a speaker only those who receive
 * them already: whoever begins to speak tells the others themselves, through our own server.
 */
export class Speakers {
  /** Who speaks now, the loudest first, by identity. Oneself among them. */
  readonly speaking: Store<readonly string[]> = createStore<readonly string[]>([]);
  /** When each was last heard, in `performance.now()`. */
  readonly spokeAt = new Map<string, number>();
  readonly #changed: () => void;
  readonly #tell: () => void;
  #loudest: readonly string[] = [];
  readonly #told = new Map<string, number>();
  #telling: ReturnType<typeof setInterval> | undefined;

  /** `changed` runs when somebody begins or stops; `tell` tells the others that one speaks. */
  constructor(changed: () => void, tell: () => void) {
    this.#changed = changed;
    this.#tell = tell;
  }

  /** What the media server says: the loudest first. */
  hear(loudest: readonly string[], self: string): void {
    this.#loudest = loudest;
    this.#merge();
    clearInterval(this.#telling);
    if (!loudest.includes(self)) return;
    this.#tell();
    this.#telling = setInterval(this.#tell, TELL_EVERY_MS);
  }

  /** Somebody says of themselves that they speak. */
  told(identity: string): void {
    this.#told.set(identity, performance.now() + TOLD_LASTS_MS);
    setTimeout(() => this.#merge(), TOLD_LASTS_MS + 20);
    this.#merge();
  }

  /** Somebody opened their microphone: they are about to speak. */
  opened(identity: string): void {
    this.spokeAt.set(identity, performance.now());
  }

  /** Nobody: the connection that told of them is gone. */
  clear(): void {
    clearInterval(this.#telling);
    this.#loudest = [];
    this.#told.clear();
    this.speaking.set([]);
  }

  #merge(): void {
    const now = performance.now();
    for (const [identity, until] of this.#told) if (until <= now) this.#told.delete(identity);
    const before = this.speaking.get();
    const all = [...new Set([...this.#loudest, ...this.#told.keys()])];
    // Who has just stopped spoke until now.
    for (const identity of [...all, ...before]) this.spokeAt.set(identity, now);
    if (all.join() !== before.join()) this.speaking.set(all);
    this.#changed();
  }
}
