import { describe, expect, test } from "vitest";
import fr from "#/core/i18n/fr/audit.json";
import { ACTS, actKey } from "./acts";
import { moment, soughtIn } from "./sought";

describe("what is looked for in the audit", () => {
  test("comes from the address, and what cannot be is left out", () => {
    const person = "019cd6de-0340-7057-bc4a-1cf0355bc53d";
    expect(
      soughtIn({ action: "chat:message:send", person, outcome: "refused", since: "2026-03-10" }),
    ).toEqual({
      action: "chat:message:send",
      person,
      outcome: "refused",
      since: "2026-03-10",
    });
    expect(soughtIn({ action: "<b>", person: 7, outcome: "maybe", until: "10/03/2026", other: "x" })).toEqual(
      {},
    );
  });

  test("a day begins where the window is, and the last one is looked through to its end", () => {
    expect(Date.parse(moment("2026-03-10", 1)) - Date.parse(moment("2026-03-10"))).toBe(24 * 3_600_000);
    expect(new Date(moment("2026-12-31", 1)).getFullYear()).toBe(2027);
    expect(new Date(moment("2026-03-10")).getHours()).toBe(0);
  });

  test("every act that is offered has its words, and no word is without its act", () => {
    expect(ACTS.map((act) => actKey(act)).sort()).toEqual(Object.keys(fr.act).sort());
  });
});
