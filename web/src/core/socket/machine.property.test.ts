import { expect, test } from "vitest";
import type { AnyFromWindow } from "#/core/api/schema";
import { id, seeded } from "#/test/things";
import { type Effect, type Input, initial, type State, step } from "./machine";

/*
 * The machine on a line that breaks at any moment, with a server that does each act once by its client id: whatever
 * happens, hello comes first on each connection, nothing is sent where nobody listens, each request is settled once, and
 * all of them are in the end.
 */

const CODES = [1000, 1006, 1011, 1012, 1013, 4400, 4408];

class World {
  readonly #chance: () => number;
  state: State = initial;
  /** The open socket's frames that the server has not taken yet, and those of its answers that are on their way. */
  #wire: { up: AnyFromWindow[]; down: Input[]; greeted: boolean } | null = null;
  #connecting = false;
  readonly done = new Set<string>();
  readonly settled: number[] = [];
  wanted = 0;
  retrying = false;

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  take(input: Input): void {
    const next = step(this.state, input);
    this.state = next.state;
    for (const effect of next.effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case "connect":
        expect(this.#wire).toBeNull();
        this.#connecting = true;
        return;
      case "disconnect":
        this.#wire = null;
        this.#connecting = false;
        return;
      case "send": {
        const wire = this.#wire;
        if (!wire) throw new Error(`${effect.frame.t} is sent where nobody listens`);
        expect(effect.frame.t === "hello").toBe(!wire.greeted);
        wire.greeted = true;
        wire.up.push(effect.frame);
        return;
      }
      case "retryIn":
        this.retrying = true;
        return;
      case "answer":
      case "refuse":
        this.settled.push(effect.n);
        return;
      default:
        return;
    }
  }

  ask(): void {
    this.wanted += 1;
    const client_id = id(this.wanted);
    const content = { format: "plain", text: "x" } as const;
    this.take({ type: "request", request: { t: "chat.send", channel_id: id(20), client_id, content } });
  }

  /** Something happens outside of the window. */
  happen(kind: number): void {
    const now = { now: 0, chance: this.#chance() };
    const wire = this.#wire;
    if (kind < 0.3) this.#serve();
    else if (kind < 0.5) this.#hear();
    else if (kind < 0.6 && this.#connecting) this.open();
    else if (kind < 0.68 && (wire || this.#connecting)) {
      this.#wire = null;
      this.#connecting = false;
      const code = CODES[Math.floor(this.#chance() * CODES.length)] ?? 1006;
      this.take({ type: "closed", code, ...now });
    } else if (kind < 0.78 && this.retrying) {
      this.retrying = false;
      this.take({ type: "retry" });
    } else if (kind < 0.82) this.take({ type: "suspect", patience: 10 });
    else if (kind < 0.86) this.take({ type: "expired", ...now });
    else if (kind < 0.88) this.take({ type: "broken", ...now });
    else if (kind < 0.9) this.take({ type: "settled" });
    else if (kind < 0.92) this.take({ type: "note", note: { t: "away", away: kind < 0.91 }, standing: true });
  }

  open(): void {
    this.#connecting = false;
    this.#wire = { up: [], down: [], greeted: false };
    this.take({ type: "opened", cursors: {} });
  }

  /** The server takes one frame; answers overtake each other. */
  #serve(): void {
    const frame = this.#wire?.up.shift();
    if (!frame || !this.#wire) return;
    if (frame.t === "hello") {
      const frames: Input = {
        type: "received",
        frame: { t: "welcome", v: 1, now: "2026-03-10T08:00:00Z", build: "", rule: "r", spread: 8_000 },
      };
      this.#wire.down.push(frames);
    } else if ("n" in frame) {
      if (frame.t === "chat.send") this.done.add(frame.client_id);
      const answer: Input = { type: "received", frame: { t: "done", n: frame.n } };
      if (this.#chance() < 0.3 && this.#wire.down.length > 1) this.#wire.down.splice(1, 0, answer);
      else this.#wire.down.push(answer);
    }
  }

  #hear(): void {
    const input = this.#wire?.down.shift();
    if (input) this.take(input);
  }

  /** The line holds from now on. */
  calm(): void {
    if (this.state.phase === "waiting") this.take({ type: "retry" });
    if (this.#connecting) this.open();
    for (let turn = 0; turn < 2_000; turn += 1) {
      this.#serve();
      this.#hear();
    }
  }
}

test("whatever happens to the line, each request is settled once, and in the end all are", () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const chance = seeded(seed);
    const world = new World(chance);
    world.take({ type: "start" });
    for (let turn = 0; turn < 300; turn += 1) {
      if (chance() < 0.25) world.ask();
      else world.happen(chance());
      const inFlight = world.state.pending.filter(({ sent }) => sent).length;
      expect(inFlight).toBeLessThanOrEqual(32);
    }
    world.calm();
    expect(world.state.phase, `seed ${seed}`).toBe("open");
    expect(world.state.pending, `seed ${seed}`).toEqual([]);
    expect(new Set(world.settled).size, `seed ${seed}`).toBe(world.settled.length);
    expect(world.settled.length, `seed ${seed}`).toBe(world.wanted);
    expect(world.done.size, `seed ${seed}`).toBe(world.wanted);
  }
});
