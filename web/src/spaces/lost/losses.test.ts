import { expect, test } from "vitest";
import fr from "#/core/i18n/fr";
import { id, SPACE } from "#/test/things";
import { LOST_BY, lostOf } from "./losses";

const loss = (reason: string) => ({
  id: id(90),
  space_id: SPACE,
  name: { format: "plain" as const, text: "Digues" },
  label: "sensitive" as const,
  reason,
});

test("why a space was lost is said in a sentence of its own", () => {
  expect(lostOf(loss("guest-in-sensitive"))).toEqual({ by: "guest-in-sensitive", name: "Digues" });
  for (const by of LOST_BY) expect(fr.refusals.lost[by]).toContain("{{name}}");
});

test("a reason that this window does not know yet is said in general", () => {
  expect(lostOf(loss("a-later-rule"))).toEqual({ by: "other", name: "Digues" });
});
