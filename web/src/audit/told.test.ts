import { createInstance, type TFunction } from "i18next";
import { describe, expect, test } from "vitest";
import en from "#/core/i18n/en/audit.json";
import fr from "#/core/i18n/fr/audit.json";
import given from "#/test/refusals.json";
import { ACTS, actKey } from "./acts";
import { type Names, reasonIn, told } from "./told";

async function words(lng: string, audit: typeof fr): Promise<TFunction<"audit">> {
  const made = createInstance();
  return (await made.init({
    lng,
    ns: ["audit"],
    defaultNS: "audit",
    resources: { [lng]: { audit } },
  })) as never;
}

const AGATHE = "019cd6de-0340-7057-bc4a-1cf0355bc53d";
const NAMES: Names = {
  person: (id) => (id === AGATHE ? "Agathe Delorme" : undefined),
  space: () => undefined,
  organisation: () => undefined,
  day: (day) => `le jour ${day.slice(-2)}`,
};
/** What a program writes and people do not: underscores, braces, hyphened words of ours, names of classes. */
const RAW = /[_{}[\]"]|[a-z]-[a-z]+-|\b(?!SecNum)[A-Z][a-z]+[A-Z]/u;

describe.each([
  ["fr", fr],
  ["en", en],
])("in %s", (lng, audit) => {
  test("every act and every reason of a refusal has its words", async () => {
    const t = await words(lng, audit);
    for (const act of ACTS) expect(t(`act.${actKey(act)}`)).not.toMatch(/[_:]/u);
    for (const { reason } of given) {
      expect(reasonIn(reason, t)).not.toBe(reason);
      expect(reasonIn(reason, t)).not.toMatch(RAW);
    }
    // Lines from before reasons were our own words have the names of a library's errors.
    expect(reasonIn("passkey-InvalidRegistrationResponse", t)).toBe(audit.value["passkey-answer"]);
    for (const reason of Object.keys(fr.value).filter((key) => key.startsWith("passkey-"))) {
      expect(reasonIn(reason, t)).not.toMatch(RAW);
    }
  });

  test("no line shows what only the program understands", async () => {
    const t = await words(lng, audit);
    const lines: Record<string, string>[] = [
      { kind: "profile", declared: '{"hosting":"commercial","qualified":true,"immune":false,"until":null}' },
      {
        kind: "profile",
        declared: '{"hosting":"premises","qualified":false,"immune":false,"until":"2027-01-31"}',
      },
      { kind: "reading", declared: '{"reading":"sren-2024"}' },
      {
        kind: "approval",
        declared:
          '{"authority":"La préfète","ceiling":"restricted","since":"2026-01-01","until":"2028-12-31","reviewed_on":null}',
      },
      {
        kind: "exception",
        declared:
          '{"authority":"La ministre","granted_on":"2026-01-01","ceiling":"sensitive","offer_on":null,"until":null}',
      },
      { kind: "partner", declared: `{"partner_id":"${AGATHE}"}` },
      { kind: "approval", declared: "withdrawn" },
      { kind: "exception", declared: `withdrawn ${AGATHE}` },
      { from: "sensitive", to: "internal", step: "proposed", label_change: AGATHE, proposed_by: AGATHE },
      { member: AGATHE, role: "manager" },
      { member: AGATHE, step: "stay-over", until: "2026-12-31" },
      { tools: "chat files meet" },
      {
        step: "stopped",
        export: AGATHE,
        because: "internal",
        sent: "12",
        size: "90",
        messages: "3",
        files: "1",
      },
      { step: "done", because: "" },
      { how: "page", action: "chat:message:send", person_id: AGATHE, outcome: "refused" },
      { means: "passkey", passkey: AGATHE, times: "3" },
    ];
    for (const detail of lines) {
      const parts = told({ detail }, t, NAMES).map(({ text }) => text);
      expect(parts.join(" ")).not.toMatch(RAW);
      for (const [key, value] of Object.entries(detail)) {
        if (/_/u.test(key) || /[a-z]-[a-z]/u.test(value)) expect(parts.join(" ")).not.toContain(value);
      }
    }
    const [kind, hosting, qualified] = told({ detail: lines[0] as Record<string, string> }, t, NAMES);
    expect(hosting?.text).toContain(audit.value.commercial);
    expect(qualified?.text).toContain(audit.value.true);
    expect(kind?.text).toContain(audit.value.profile);
    const home = told({ detail: lines[1] as Record<string, string> }, t, NAMES);
    expect(home.map(({ key }) => key)).toEqual(["kind", "hosting", "until"]);
  });
});
