import { describe, expect, test } from "vitest";
import type { CallView, SpaceKind } from "#/core/api/schema";
import type { House } from "#/core/journal/house";
import { id, ME, OTHER, SPACE } from "#/test/things";
import { RINGS_MS, ringing } from "./ringing";

const START = Date.UTC(2026, 2, 10, 9);
const call: CallView = {
  id: id(30),
  space_id: SPACE,
  started_by: OTHER,
  started_at: "2026-03-10T09:00:00Z",
  participants: [{ person_id: OTHER, device_id: id(40), joined_at: "2026-03-10T09:00:01Z" }],
};

function house(kind: SpaceKind, more: Partial<CallView> = {}): House {
  return {
    me: ME,
    cursors: {},
    organisations: {},
    people: {},
    spaces: {
      [SPACE]: {
        space: {
          id: SPACE,
          organisation_id: id(5),
          kind,
          label: "internal",
          tools: ["meet"],
          name: { format: "plain", text: "" },
          description: { format: "plain", text: "" },
          created_at: "2026-03-01T08:00:00Z",
          members_count: 2,
          faces: [ME, OTHER],
        },
        role: "contributor",
        barred: 0,
        abilities: [],
      },
    },
    channels: {},
    calls: { [SPACE]: { ...call, ...more } },
    holdings: {},
    rule: "r",
  };
}
const rings = (one: House, declines = {}, now = START + 5_000): boolean =>
  ringing(one, declines, now).length > 0;

describe("a call rings", () => {
  test("in a direct, when another began it, for a while", () => {
    expect(rings(house("direct"))).toBe(true);
    expect(rings(house("team"))).toBe(false);
    expect(rings(house("direct", { started_by: ME }))).toBe(false);
    expect(rings(house("direct"), {}, START + RINGS_MS)).toBe(false);
  });

  test("until one is in it with any device, or declined it with any", () => {
    const inside = [{ person_id: ME, device_id: id(41), joined_at: "2026-03-10T09:00:02Z" }];
    expect(rings(house("direct", { participants: inside }))).toBe(false);
    expect(rings(house("direct"), { [call.id]: [ME] })).toBe(false);
    expect(rings(house("direct"), { [call.id]: [OTHER], other: [ME] })).toBe(true);
  });
});
