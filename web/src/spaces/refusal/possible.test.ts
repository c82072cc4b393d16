import { expect, test } from "vitest";
import type { Action, Label } from "#/core/api/schema";
import { id } from "#/test/things";
import { verdict } from "../refusals";
import type { SpaceRow } from "../spaces";
import { elsewhere, possible, type Standpoint } from "./possible";

function row(n: number, label: Label, abilities: Action[], role: "reader" | "manager" = "reader"): SpaceRow {
  const plain = (text: string) => ({ format: "plain" as const, text });
  return {
    own: {
      space: {
        id: id(n),
        organisation_id: id(5),
        kind: "team",
        label,
        tools: ["chat"],
        name: plain(`espace ${n}`),
        description: plain(""),
        created_at: "2026-03-10T08:00:00Z",
        members_count: 1,
        faces: [],
      },
      role,
      abilities,
      barred: 0,
    },
    id: id(n),
    name: `espace ${n}`,
    holding: null,
    others: [],
    channels: [],
    unread: 0,
    latest: null,
    movedAt: 0,
  };
}

const at = (here: SpaceRow | null, more: Partial<Standpoint> = {}): Standpoint => ({
  row: here,
  spaces: [],
  abilities: [],
  offers: [],
  ...more,
});

test("only what one's rights allow is offered", () => {
  const reader = row(1, "sensitive", ["spaces:member:list"]);
  const manager = row(1, "sensitive", ["spaces:member:list", "spaces:space:edit"], "manager");
  expect(possible(verdict("tool-off", "no-meet"), at(reader))).toEqual(["ask-manager"]);
  expect(possible(verdict("tool-off", "no-meet"), at(manager))).toEqual(["switch-on-tool"]);
});

test("a closed space can be taken away by who may, and an administrator be asked by agents", () => {
  const manager = row(1, "sensitive", ["spaces:space:export", "spaces:label:lower"], "manager");
  const agent: Action[] = ["hosting:declaration:read"];
  const told = verdict("hosting", "commercial-cloud");
  expect(possible(told, at(manager, { abilities: agent }))).toEqual([
    "choose-label",
    "export",
    "ask-administrator",
  ]);
  expect(possible(told, at(row(1, "sensitive", []), { abilities: agent }))).toEqual(["ask-administrator"]);
  expect(possible(told, at(row(1, "sensitive", [])))).toEqual([]);
});

test("who is kept out of one space is offered those that are open to them", () => {
  const here = row(1, "sensitive", ["spaces:guest:invite"], "manager");
  const internal = row(2, "internal", ["spaces:guest:invite"], "manager");
  const sensitive = row(3, "sensitive", ["spaces:guest:invite", "spaces:member:add"], "manager");
  const another = row(4, "internal", []);
  const stand = at(here, { spaces: [here, internal, sensitive, another] });
  expect(elsewhere(verdict("guest-label"), stand)).toEqual([internal]);
  expect(elsewhere(verdict("partner"), stand)).toEqual([sensitive]);
  expect(possible(verdict("guest-label", "guest-in-sensitive"), stand)).toEqual(["invite-elsewhere"]);
  expect(possible(verdict("guest-label", "guest-in-sensitive"), at(here))).toEqual([]);
});

test("a form offers what it can itself do", () => {
  expect(possible(verdict("hosting", "commercial-cloud"), at(null, { offers: ["choose-label"] }))).toEqual([
    "choose-label",
  ]);
});
