import { expect, test } from "vitest";
import type { Action, HoldingState, Label, LabelHolding, Way } from "#/core/api/schema";
import given from "#/test/refusals.json";
import { id } from "#/test/things";
import { LABELS } from "#/ui/mark/LabelPill";
import { verdict, verdictOf } from "../refusals";
import type { SpaceRow } from "../spaces";
import { elsewhere, type Holdings, opensDirects, possible, type Standpoint } from "./possible";

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
  holdings: {},
  offers: [],
  ...more,
});

test("only what one's rights allow is offered", () => {
  const reader = row(1, "sensitive", ["spaces:member:list"]);
  const manager = row(1, "sensitive", ["spaces:member:list", "spaces:space:edit"], "manager");
  expect(possible(verdict("tool-off", "no-meet"), at(reader))).toEqual(["ask-manager"]);
  expect(possible(verdict("tool-off", "no-meet"), at(manager))).toEqual(["switch-on-tool"]);
});

test("a closed space can be taken away by who may, and a security officer be asked by agents", () => {
  const manager = row(1, "sensitive", ["spaces:space:export", "spaces:label:lower"], "manager");
  const agent: Action[] = ["hosting:declaration:read"];
  const told = verdict("hosting", "commercial-cloud");
  expect(possible(told, at(manager, { abilities: agent }))).toEqual([
    "choose-label",
    "export",
    "ask-officer",
  ]);
  expect(possible(told, at(row(1, "sensitive", []), { abilities: agent }))).toEqual(["ask-officer"]);
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

function held(states: Partial<Record<Label, HoldingState>>): Holdings {
  return Object.fromEntries(
    LABELS.map((label): [Label, LabelHolding] => [
      label,
      {
        label,
        state: states[label] ?? "open",
        rule: "hosting",
        reason: "commercial-cloud",
        also: [],
        until: null,
        then_state: null,
        then_reason: null,
      },
    ]),
  );
}

const NOTHING: Holdings = held({
  public: "closed",
  internal: "closed",
  sensitive: "closed",
  restricted: "closed",
});

test("where every label is closed none is offered in the place of another", () => {
  const manager = row(1, "internal", ["spaces:space:export", "spaces:label:lower"], "manager");
  const told = verdict("hosting", "commercial-cloud");
  expect(possible(told, at(manager, { holdings: NOTHING }))).toEqual(["export"]);
  const one = held({ internal: "closed", sensitive: "closed", restricted: "closed" });
  expect(possible(told, at(manager, { holdings: one }))).toEqual(["choose-label", "export"]);
  const public_ = row(1, "public", ["spaces:label:lower"], "manager");
  expect(possible(told, at(public_, { holdings: held({}) }))).toEqual([]);
});

test("a conversation is opened where such a space could be made, and by who opens any", () => {
  const agent: Action[] = ["spaces:direct:create"];
  expect(opensDirects(agent, held({ sensitive: "closed" }))).toBe(true);
  expect(opensDirects(agent, NOTHING)).toBe(false);
  expect(opensDirects(agent, held({ internal: "read-only" }))).toBe(false);
  expect(opensDirects([], held({}))).toBe(false);
});

// Every refusal that the server can give, to everybody, everywhere: what is offered ends in something that is allowed.
const STATES: readonly HoldingState[] = ["open", "read-only", "closed"];
const ALL_HELD = STATES.flatMap((low) =>
  STATES.flatMap((middle) =>
    STATES.map((high) => held({ public: low, internal: middle, sensitive: high, restricted: high })),
  ),
);
const IN_SPACES: readonly (readonly Action[])[] = [
  [],
  ["spaces:member:list"],
  ["spaces:member:list", "spaces:label:lower", "spaces:space:export"],
  ["spaces:member:list", "spaces:label:lower", "spaces:space:export", "spaces:space:edit"],
];
const ANYWHERE: readonly (readonly Action[])[] = [
  [],
  ["hosting:declaration:read", "spaces:space:create", "spaces:direct:create"],
];

test("no refusal offers a way that is refused itself", () => {
  let walked = 0;
  for (const one of given)
    for (const holdings of ALL_HELD)
      for (const inside of IN_SPACES)
        for (const abilities of ANYWHERE)
          for (const label of LABELS) {
            const here = row(1, label, [...inside], inside.length > 2 ? "manager" : "reader");
            const told = verdictOf({ code: "refused", ...one });
            if (!told) throw new Error("a refusal is unknown");
            const open = (labels: readonly Label[]): boolean =>
              labels.some((which) => holdings[which]?.state === "open");
            const ends: Record<Way, boolean> = {
              "add-passkey": true,
              "ask-officer": abilities.includes("hosting:declaration:read"),
              "ask-author": false,
              "ask-manager": inside.includes("spaces:member:list") && here.own.role !== "manager",
              "ask-second-manager": inside.includes("spaces:member:list"),
              "choose-label":
                inside.includes("spaces:label:lower") && open(LABELS.slice(0, LABELS.indexOf(label))),
              export: inside.includes("spaces:space:export"),
              "invite-elsewhere": false,
              "make-team": abilities.includes("spaces:space:create") && open(LABELS),
              "switch-on-tool": inside.includes("spaces:space:edit"),
            };
            const offered = possible(told, at(here, { holdings, abilities }));
            walked += offered.length;
            expect(offered.filter((way) => !ends[way])).toEqual([]);
          }
  expect(walked).toBeGreaterThan(1000);
});
