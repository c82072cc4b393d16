import { expect, test } from "vitest";
import type { LabelHolding } from "#/core/api/schema";
import type { HeldSpace } from "#/core/journal/house";
import { id, ME, SPACE } from "#/test/things";
import { withholdingOf } from "./withheld";

const space = (label: HeldSpace["space"]["label"], abilities: HeldSpace["abilities"]): HeldSpace => {
  const plain = (text: string) => ({ format: "plain" as const, text });
  return {
    space: {
      id: SPACE,
      organisation_id: id(5),
      kind: "team",
      label,
      tools: ["chat", "files"],
      name: plain("Cellule de crise"),
      description: plain(""),
      created_at: "2026-03-10T08:00:00Z",
      members_count: 1,
      faces: [ME],
    },
    role: "contributor",
    abilities,
    barred: 0,
  };
};
const STAND: HeldSpace["abilities"] = ["spaces:space:read", "spaces:member:list", "spaces:space:leave"];

test("a restricted space is withheld from who came by password, and says by which rule", () => {
  const held = withholdingOf(space("restricted", STAND), { strength: "password" });
  expect(held).toMatchObject({ rule: "strong-sign-in", reason: "password-only", extent: "all" });
});

test("nothing is withheld where the server lets one read", () => {
  const open = space("restricted", [...STAND, "files:file:read"]);
  expect(withholdingOf(open, { strength: "password" })).toBeNull();
  expect(withholdingOf(open, { strength: "passkey" })).toBeNull();
});

test("another rule is not taken for this one", () => {
  expect(withholdingOf(space("sensitive", STAND), { strength: "password" })).toBeNull();
  expect(withholdingOf(space("restricted", STAND), { strength: "passkey" })).toBeNull();
});

test("a label that may not be held today keeps everything closed, and that comes before a passkey", () => {
  const holding: LabelHolding = {
    label: "restricted",
    state: "closed",
    rule: "hosting-restricted",
    reason: "restricted-on-commercial",
    also: [],
    until: null,
    then_state: null,
    then_reason: null,
  };
  const kept = withholdingOf(space("restricted", STAND), { strength: "password" }, holding);
  expect(kept).toMatchObject({ rule: "hosting-restricted", source: "bastide" });
});
