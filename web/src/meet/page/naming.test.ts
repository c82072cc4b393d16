import { expect, test } from "vitest";
import type { PersonCard } from "#/core/api/schema";
import { id, ME, OTHER } from "#/test/things";
import type { Member } from "../room/members";
import { namesOf } from "./naming";

const card = (person: string, given_name: string, family_name: string): PersonCard => ({
  id: person,
  kind: "agent",
  organisation_id: id(5),
  given_name,
  family_name,
  function: "",
  picture: null,
});
const member = (person: string, device: number): Member => ({
  identity: `${person}/${id(device)}`,
  person,
  self: person === ME,
  microphone: "open",
  camera: null,
  screen: null,
  here: true,
  joinedAt: device,
});
const words = {
  you: "Vous",
  someone: "Quelqu’un",
  second: (name: string, ordinal: number) => `${name} (${ordinal}e)`,
};

test("each device of a person shows once, and the second one says so", () => {
  const members = [member(OTHER, 40), member(ME, 41), member(OTHER, 42), member(ME, 43), member(id(3), 44)];
  const people = { [ME]: card(ME, "Agathe", "Delorme"), [OTHER]: card(OTHER, "Ousmane", "Diarra") };
  const named = namesOf(members, people, ME, words);
  expect(members.map(({ identity }) => named.get(identity)?.name)).toEqual([
    "Ousmane Diarra",
    "Vous",
    "Ousmane Diarra (2e)",
    "Vous (2e)",
    "Quelqu’un",
  ]);
  expect(named.get(`${OTHER}/${id(42)}`)?.short).toBe("Ousmane (2e)");
});
