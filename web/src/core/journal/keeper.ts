import { ProblemError } from "#/core/api/errors";
import type { AnyToWindow, EventFrame, Snapshot, SpaceSnapshot } from "#/core/api/schema";
import { createStore, type Store } from "#/core/store";
import { type House, houseOf, opensUp, type Reducers, takeIn, withoutSpace, withSpace } from "./house";

export type Sources = {
  readonly snapshot: () => Promise<Snapshot>;
  readonly space: (id: string) => Promise<SpaceSnapshot>;
};

type Listener = (frame: EventFrame) => void;
type FleetingListener = (frame: Extract<AnyToWindow, { t: "fleeting" }>) => void;

const AGAIN_MS = 2_000;
/** Answers that say nothing about what was asked for: too often, or by a cookie that has just been replaced. */
const PASSING = new Set([401, 429]);
/** To reload more spaces than this, it is cheaper to ask for everything at once. */
const ONE_BY_ONE_MOST = 4;

/**
 * Keeps the house true: starts it from a snapshot, takes in events as they come, and asks for a stream anew when
 * something of it was missed. Events of a stream that is being asked for wait until it is there.
 */
export class Keeper {
  readonly house: Store<House | null> = createStore<House | null>(null);
  /** Events that came while their stream was being asked for; a stream that is in here is being asked for. */
  readonly #waiting = new Map<string, EventFrame[]>();
  /** The answers for these streams that are on their way. */
  readonly #asking = new Map<string, Promise<void>>();
  /** While everything is being asked for: then every event waits, those of streams not known yet too. */
  #askingAll: Promise<void> | null = null;
  /** What was to be asked for again while its answer was on its way: that answer may be older than what has moved. */
  #allAgain = false;
  readonly #again = new Set<string>();
  readonly #listeners = new Set<Listener>();
  readonly #fleeting = new Set<FleetingListener>();
  readonly #renewed = new Set<(stream: string) => void>();
  #reducers: Reducers | null = null;
  readonly #sources: Sources;
  #life = 0;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** What each module makes of its events; given once, where the window is put together. */
  use(reducers: Reducers): void {
    this.#reducers = reducers;
  }

  /** Asks for everything, from nothing. Throws what the source throws. */
  async start(me: string): Promise<void> {
    const life = this.#newLife();
    const snapshot = await this.#sources.snapshot();
    if (life === this.#life) this.house.set(houseOf(me, snapshot));
  }

  /** Asks for everything again: what one may read has changed. */
  async renew(): Promise<void> {
    await this.#renewAll();
  }

  /** Forgets everything: somebody signed out. */
  stop(): void {
    this.#newLife();
    this.house.set(null);
  }

  #newLife(): number {
    this.#life += 1;
    this.#askingAll = null;
    this.#forgetAsked();
    return this.#life;
  }

  #forgetAsked(): void {
    this.#allAgain = false;
    this.#again.clear();
    this.#asking.clear();
    this.#waiting.clear();
  }

  cursors(): { [stream: string]: number } {
    return this.house.get()?.cursors ?? {};
  }

  /** Every event, after the house has taken it in; for what is kept beside the house (pages of messages, say). */
  onEvent(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onFleeting(listener: FleetingListener): () => void {
    this.#fleeting.add(listener);
    return () => this.#fleeting.delete(listener);
  }

  /** A stream was asked for anew: what is kept beside the house may have missed events of it. */
  onRenewed(listener: (stream: string) => void): () => void {
    this.#renewed.add(listener);
    return () => this.#renewed.delete(listener);
  }

  /** Shows what one has just done before its event says so; the event must then change nothing more. */
  assume(change: (house: House) => House): void {
    const house = this.house.get();
    if (house) this.house.set(change(house));
  }

  /** Cards of people learned elsewhere. */
  learn(people: readonly House["people"][string][]): void {
    if (people.length === 0) return;
    const known = Object.fromEntries(people.map((person) => [person.id, person]));
    this.assume((house) => ({ ...house, people: { ...house.people, ...known } }));
  }

  /** Waits until a space is shown of which an answer told, perhaps before its event. */
  async gain(space: string): Promise<void> {
    const shown = (): boolean => Boolean(this.house.get()?.spaces[space]);
    if (!shown()) await (this.#askingAll ?? this.#asking.get(space));
    if (!shown()) await this.#renewSpace(space);
  }

  /** The socket is open under this rule: where what is shown was read under another one, it is asked for again. */
  under(rule: string): void {
    if (this.#askingAll || this.house.get()?.rule !== rule) void this.#renewAll();
  }

  receive(frame: AnyToWindow): void {
    switch (frame.t) {
      case "event":
        this.#event(frame);
        return;
      case "fleeting":
        for (const listener of this.#fleeting) listener(frame);
        return;
      case "reload":
        this.#reload(frame.streams);
        return;
      default:
        return;
    }
  }

  #event(frame: EventFrame): void {
    if (this.#wait(frame)) return;
    const before = this.house.get();
    if (!before || !this.#reducers) return;
    const { house, outcome } = takeIn(before, frame, this.#reducers);
    if (outcome === "gap") {
      void this.#renew(frame.s);
      return;
    }
    if (outcome !== "taken") return;
    this.house.set(house);
    const { e } = frame;
    if (e.type === "spaces.space.gained") void this.#renewSpace(e.space_id);
    // Whatever is on its way for a space that was lost was read before: it must not come back with it.
    else if (e.type === "spaces.space.lost") this.#waiting.delete(e.space_id);
    else if (opensUp(before, house, frame.s) || mayHaveBarred(before, frame)) void this.#renewSpace(frame.s);
    for (const listener of this.#listeners) listener(frame);
  }

  /** Whether an event has to wait for its stream. */
  #wait(frame: EventFrame): boolean {
    const waiting = this.#waiting.get(frame.s);
    if (waiting) waiting.push(frame);
    else if (this.#askingAll) this.#waiting.set(frame.s, [frame]);
    else return false;
    return true;
  }

  #reload(streams: readonly string[]): void {
    const me = this.house.get()?.me;
    if (streams.length > ONE_BY_ONE_MOST || streams.some((stream) => stream === me)) void this.#renewAll();
    else for (const stream of streams) void this.#renewSpace(stream);
  }

  async #renew(stream: string): Promise<void> {
    if (stream === this.house.get()?.me) await this.#renewAll();
    else await this.#renewSpace(stream);
  }

  /** One's own stream missed something, perhaps a space: asks for everything. */
  #renewAll(): Promise<void> {
    if (this.#askingAll) {
      this.#allAgain = true;
      return this.#askingAll;
    }
    const house = this.house.get();
    if (!house) return Promise.resolve();
    const asking = this.#askAll(house.me);
    this.#askingAll = asking;
    return asking;
  }

  async #askAll(me: string): Promise<void> {
    const life = this.#life;
    let snapshot: Snapshot | null;
    do {
      this.#allAgain = false;
      snapshot = await this.#insist(() => this.#sources.snapshot(), life);
      if (life !== this.#life) return;
    } while (this.#allAgain);
    this.#askingAll = null;
    const before = this.house.get();
    // Nothing refuses a snapshot but the end of the session, which ends this life too.
    if (!snapshot || !before) return;
    const fresh = houseOf(me, snapshot);
    this.house.set({ ...fresh, people: { ...before.people, ...fresh.people } });
    // What was on its way for single spaces has been overtaken.
    const held = [...this.#waiting.values()].flat();
    this.#forgetAsked();
    for (const stream of new Set([...Object.keys(before.cursors), ...Object.keys(fresh.cursors)])) {
      this.#renewedOf(stream);
    }
    for (const frame of held) this.#event(frame);
  }

  #renewSpace(id: string): Promise<void> {
    if (this.#askingAll) return this.#renewAll();
    const before = this.#waiting.has(id) ? this.#asking.get(id) : undefined;
    if (before) {
      this.#again.add(id);
      return before;
    }
    const asking = this.#askSpace(id);
    this.#asking.set(id, asking);
    return asking;
  }

  async #askSpace(id: string): Promise<void> {
    const life = this.#life;
    const waiting: EventFrame[] = [];
    this.#waiting.set(id, waiting);
    let snapshot: SpaceSnapshot | null;
    let house: House | null;
    do {
      this.#again.delete(id);
      snapshot = await this.#insist(() => this.#sources.space(id), life);
      house = this.house.get();
      // The space was lost meanwhile, or everything was asked for.
      if (!house || life !== this.#life || this.#waiting.get(id) !== waiting) return;
    } while (this.#again.has(id));
    this.#asking.delete(id);
    // Refused: it is gone, or no longer for this person.
    this.house.set(snapshot ? withSpace(house, snapshot) : withoutSpace(house, id));
    this.#release(id);
  }

  #renewedOf(stream: string): void {
    for (const listener of this.#renewed) listener(stream);
  }

  /** Takes in what came meanwhile; what the snapshot already shows is skipped by its number. */
  #release(stream: string): void {
    const frames = this.#waiting.get(stream) ?? [];
    this.#waiting.delete(stream);
    this.#renewedOf(stream);
    for (const frame of frames) this.#event(frame);
  }

  /** Asks until it is answered, or until the answer no longer matters. Null when it is refused. */
  async #insist<T>(ask: () => Promise<T>, life: number): Promise<T | null> {
    while (life === this.#life) {
      try {
        return await ask();
      } catch (error) {
        if (
          error instanceof ProblemError &&
          !PASSING.has(error.details.status) &&
          error.details.status < 500
        ) {
          return null;
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    return null;
  }
}

/** Whether who is out now may be one of those who could not come in any more: how many those are, only the server says. */
function mayHaveBarred(before: House, { s, e }: EventFrame): boolean {
  return e.type === "spaces.member.removed" && (before.spaces[s]?.barred ?? 0) > 0;
}
