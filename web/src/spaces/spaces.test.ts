import { describe, expect, test } from "vitest";
import type { OwnChannel, OwnSpace, PersonCard, SpaceKind } from "#/core/api/schema";
import { houseOf } from "#/core/journal/house";
import { spaceName, spaceRows, unreadOf } from "./spaces";

const person = (id: string, given_name: string, family_name: string): PersonCard => ({
  id,
  kind: "agent",
  organisation_id: "o",
  given_name,
  family_name,
  function: "",
  picture: null,
});

const space = (id: string, kind: SpaceKind, faces: string[], name = ""): OwnSpace => ({
  space: {
    id,
    organisation_id: "o",
    kind,
    label: "internal",
    tools: ["chat"],
    name: { format: "plain", text: name },
    description: { format: "plain", text: "" },
    created_at: "2026-03-01T08:00:00Z",
    members_count: faces.length,
    faces,
  },
  role: "contributor",
  barred: 0,
  abilities: [],
  cursor: 1,
});

const channel = (
  id: string,
  space_id: string,
  position: number,
  last: number,
  read: number,
  at?: string,
): OwnChannel => ({
  channel: {
    id,
    space_id,
    name: { format: "plain", text: id },
    topic: { format: "plain", text: "" },
    position,
    last_ordinal: last,
    last: at
      ? {
          id: `${id}-m`,
          client_id: "c",
          space_id,
          channel_id: id,
          ordinal: last,
          author_id: "b",
          content: { format: "plain", text: "" },
          files: [],
          sent_at: at,
          edited_at: null,
          deleted_at: null,
        }
      : null,
  },
  read,
});

const house = houseOf("me", {
  cursor: 1,
  organisations: [],
  people: [person("me", "Moi", "Même"), person("b", "Inès", "Courtial"), person("c", "Noé", "Vasseur")],
  spaces: [
    space("team", "team", ["b", "me"], "Plan neige"),
    space("two", "direct", ["me", "b"]),
    space("three", "direct", ["b", "c", "me"]),
    space("alone", "direct", ["me"]),
  ],
  channels: [
    channel("second", "team", 2, 9, 4, "2026-03-10T09:00:00Z"),
    channel("first", "team", 1, 3, 3, "2026-03-10T08:00:00Z"),
    channel("talk", "two", 0, 2, 5),
  ],
  calls: [],
  holdings: [],
  rule: "r",
});

describe("spaces as lists show them", () => {
  test("a direct is called after the others", () => {
    const named = Object.fromEntries(
      Object.values(house.spaces).map((own) => [own.space.id, spaceName(own, house, "fr")]),
    );
    expect(named).toEqual({
      team: "Plan neige",
      two: "Inès Courtial",
      three: "Inès et Noé",
      alone: "Moi Même",
    });
  });

  test("channels in their order, what is unread in all of them, what moved last", () => {
    const row = spaceRows(house, "fr").find(({ id }) => id === "team");
    expect(row?.channels.map((own) => own.channel.id)).toEqual(["first", "second"]);
    expect(row?.unread).toBe(5);
    expect(row?.latest?.channel.id).toBe("second");
    expect(row?.movedAt).toBe(Date.parse("2026-03-10T09:00:00Z"));
  });

  test("nothing is unread when the mark is ahead of what is known", () => {
    expect(house.channels["talk"] && unreadOf(house.channels["talk"])).toBe(0);
  });
});
