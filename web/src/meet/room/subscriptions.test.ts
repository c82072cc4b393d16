import { describe, expect, test } from "vitest";
import { seeded } from "#/test/things";
import {
  ALL_VOICES_AGAIN_AT,
  ALL_VOICES_UP_TO,
  CAMERA_LINGER_MS,
  type Heard,
  layerFor,
  nothing,
  type Plan,
  plan,
  SHRINK_AFTER_MS,
  type Size,
  VOICES_MOST,
} from "./subscriptions";

const other = (index: number, more: Partial<Heard> = {}): Heard => ({
  identity: `p${index}/d`,
  person: `p${index}`,
  microphone: "open",
  camera: true,
  screen: false,
  spokeAt: 0,
  speaking: false,
  ...more,
});
const crowd = (count: number, more: (index: number) => Partial<Heard> = () => ({})): Heard[] =>
  Array.from({ length: count }, (_, index) => other(index, more(index)));
const none = new Map<string, Size>();
const LARGE: Size = { width: 1280, height: 720 };
const SMALL: Size = { width: 200, height: 120 };

/** A room that lives: people come and go, speak, mute themselves, show and hide their cameras. */
function* life(
  seed: number,
  steps: number,
): Generator<{ others: Heard[]; shown: Map<string, Size>; now: number }> {
  const random = seeded(seed);
  let others = crowd(4 + Math.floor(random() * 16));
  let now = 1_000;
  for (let index = 0; index < steps; index += 1) {
    now += Math.floor(random() * 800);
    others = others.flatMap((one) => {
      if (random() < 0.02) return [];
      const speaking = one.microphone === "open" && random() < 0.15;
      const microphone = random() < 0.05 ? (one.microphone === "open" ? "muted" : "open") : one.microphone;
      return [
        {
          ...one,
          microphone,
          speaking: speaking && microphone === "open",
          spokeAt: speaking ? now : one.spokeAt,
          camera: random() < 0.03 ? !one.camera : one.camera,
          screen: random() < 0.01 ? !one.screen : one.screen,
        },
      ];
    });
    if (random() < 0.2) others.push(other(100 * (seed + 1) + index));
    const shown = new Map(
      others.filter(() => random() < 0.5).map(({ identity }) => [identity, random() < 0.5 ? LARGE : SMALL]),
    );
    yield { others, shown, now };
  }
}

function replay(
  seed: number,
  check: (before: Plan, after: Plan, at: { others: Heard[]; shown: Map<string, Size> }) => void,
): void {
  let before = nothing;
  for (const { others, shown, now } of life(seed, 120)) {
    const after = plan(before, others, shown, now);
    check(before, after, { others, shown });
    before = after;
  }
}
const SEEDS = Array.from({ length: 12 }, (_, index) => index);

describe("voices", () => {
  test("up to twelve people, every microphone, and a muted one stays for its first word", () => {
    const others = crowd(ALL_VOICES_UP_TO - 1, (index) => ({ microphone: index === 3 ? "muted" : "open" }));
    expect([...plan(nothing, others, none, 0).voices]).toEqual(others.map(({ identity }) => identity));
    expect(plan(nothing, [other(1, { microphone: "none" })], none, 0).voices.size).toBe(0);
  });

  test("two devices of one person are one person", () => {
    const others = [...crowd(ALL_VOICES_UP_TO - 1), other(50, { identity: "p0/second", person: "p0" })];
    expect(plan(nothing, others, none, 0).voices.size).toBe(ALL_VOICES_UP_TO);
  });

  test("beyond, those who spoke last, and it takes fewer people to go back", () => {
    const others = crowd(20, (index) => ({ spokeAt: index * 10 }));
    const many = plan(nothing, others, none, 1_000);
    expect(many.few).toBe(true);
    expect([...many.voices].sort()).toEqual(["p14/d", "p15/d", "p16/d", "p17/d", "p18/d", "p19/d"]);
    const atTheEdge = plan(many, others.slice(0, ALL_VOICES_AGAIN_AT), none, 2_000);
    expect(atTheEdge.few).toBe(true);
    expect(plan(atTheEdge, others.slice(0, ALL_VOICES_AGAIN_AT - 1), none, 3_000).few).toBe(false);
  });

  test("who begins to speak is received at once, in the place of the longest silent", () => {
    const others = crowd(20, (index) => ({ spokeAt: index * 10 }));
    const before = plan(nothing, others, none, 1_000);
    const speaks = others.map((one, index) =>
      index === 2 ? { ...one, speaking: true, spokeAt: 1_500 } : one,
    );
    const after = plan(before, speaks, none, 1_500);
    expect(after.voices.has("p2/d")).toBe(true);
    expect([...before.voices].filter((identity) => !after.voices.has(identity))).toEqual(["p14/d"]);
  });

  test.each(SEEDS)("whatever happens: at most six of many, nobody who speaks is cut off (%i)", (seed) => {
    replay(seed, (before, after, { others }) => {
      const open = others.filter(({ microphone }) => microphone === "open");
      for (const identity of after.voices) {
        expect(others.find((one) => one.identity === identity)?.microphone ?? "none").not.toBe("none");
      }
      if (!after.few) {
        expect(after.voices.size).toBe(others.filter(({ microphone }) => microphone !== "none").length);
        return;
      }
      expect(after.voices.size).toBe(Math.min(VOICES_MOST, open.length));
      const speaking = open.filter(({ speaking: now }) => now).map(({ identity }) => identity);
      const heard = speaking.filter((identity) => after.voices.has(identity));
      // As many of those who speak as fit are heard, and who is heard while speaking stays so.
      expect(heard.length).toBe(Math.min(VOICES_MOST, speaking.length));
      if (!before.few) return;
      for (const identity of speaking.filter((one) => before.voices.has(one))) {
        expect(after.voices.has(identity)).toBe(true);
      }
    });
  });

  test.each(SEEDS)("nothing moves when nothing happens (%i)", (seed) => {
    let before = nothing;
    for (const { others, shown, now } of life(seed, 60)) {
      before = plan(before, others, shown, now);
      const again = plan(before, others, shown, now);
      expect([...again.voices].sort()).toEqual([...before.voices].sort());
      expect([...again.cameras]).toEqual([...before.cameras]);
    }
  });
});

describe("cameras", () => {
  test("only those on screen, as large as they are shown", () => {
    const shown = new Map([
      ["p0/d", LARGE],
      ["p1/d", SMALL],
    ]);
    const { cameras } = plan(nothing, crowd(4), shown, 0);
    expect([...cameras].map(([identity, { layer }]) => [identity, layer])).toEqual([
      ["p0/d", "high"],
      ["p1/d", "low"],
    ]);
  });

  test("layers by size: tall tiles need more than their width says", () => {
    expect(layerFor({ width: 208, height: 117 })).toBe("low");
    expect(layerFor({ width: 467, height: 380 })).toBe("medium");
    expect(layerFor({ width: 704, height: 768 })).toBe("high");
  });

  test("one that leaves the screen stays for a moment, and no longer", () => {
    const others = crowd(1);
    const seen = plan(nothing, others, new Map([["p0/d", LARGE]]), 0);
    const hidden = plan(seen, others, none, 100);
    expect(hidden.cameras.has("p0/d")).toBe(true);
    expect(hidden.againIn).toBe(CAMERA_LINGER_MS);
    expect(plan(hidden, others, none, 100 + CAMERA_LINGER_MS).cameras.size).toBe(0);
  });

  test("larger at once, smaller only when it lasts", () => {
    const others = crowd(1);
    const at = (before: Plan, size: Size, now: number): Plan =>
      plan(before, others, new Map([["p0/d", size]]), now);
    const large = at(at(nothing, SMALL, 0), LARGE, 10);
    expect(large.cameras.get("p0/d")?.layer).toBe("high");
    const small = at(large, SMALL, 20);
    expect(small.cameras.get("p0/d")?.layer).toBe("high");
    expect(small.againIn).toBe(SHRINK_AFTER_MS);
    expect(at(at(small, LARGE, 500), SMALL, 20 + SHRINK_AFTER_MS).cameras.get("p0/d")?.layer).toBe("high");
    expect(at(small, SMALL, 20 + SHRINK_AFTER_MS).cameras.get("p0/d")?.layer).toBe("low");
  });

  test.each(SEEDS)(
    "every camera on screen is received, none that is off, shared screens always (%i)",
    (seed) => {
      replay(seed, (before, after, { others, shown }) => {
        for (const { identity, camera, screen } of others) {
          expect(after.screens.has(identity)).toBe(screen);
          if (shown.has(identity)) expect(after.cameras.has(identity)).toBe(camera);
          else if (after.cameras.has(identity)) expect(before.cameras.has(identity)).toBe(true);
          if (!camera) expect(after.cameras.has(identity)).toBe(false);
        }
        expect(after.cameras.size).toBeLessThanOrEqual(others.length);
      });
    },
  );
});
