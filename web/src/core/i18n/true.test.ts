import { describe, expect, test } from "vitest";
import en from "./en";
import fr from "./fr";

// Sentences that were untrue once, each held to what is true of it.
describe("what the rule's sentences say", () => {
  test("whose organisation decides on partners: the space's, whoever reads", () => {
    for (const text of [fr.labels.effect.partners, fr.rule.partner.about, fr.rule.label.restricted.who]) {
      expect(text).not.toMatch(/la v\u00f4tre/u);
    }
    for (const text of [en.labels.effect.partners, en.rule.partner.about, en.rule.label.restricted.who]) {
      expect(text).not.toMatch(/\byours\b/u);
    }
  });

  test("the audit keeps that a label was lowered, the change keeps why", () => {
    expect(fr.spaces.new.labelStays).not.toMatch(/motif, noté/u);
    expect(fr.spaces.new.labelStays).toContain("relire");
    expect(en.spaces.new.labelStays).toContain("read again");
  });

  test("a hosting that is declared does not open everything", () => {
    expect(fr.refusals.why.undeclared).not.toContain("s’ouvriront");
    expect(en.refusals.why.undeclared).not.toContain("will open");
  });

  test("a cloud may have one property: it needs both at once", () => {
    for (const text of [fr.rule.why["commercial-cloud"], fr.rule.then["commercial-cloud"]]) {
      expect(text).toContain("à la fois");
    }
    for (const text of [en.rule.why["commercial-cloud"], en.rule.then["commercial-cloud"]]) {
      expect(text).toContain("both");
    }
  });

  test("a guest's link may last less than fourteen days, and the visit's last day is told beside it", () => {
    for (const { mail, panel } of [fr.guests, en.guests]) {
      expect(mail.about).not.toMatch(/quatorze|fourteen/u);
      expect(mail.about).toContain("{{expires}}");
      expect(panel.waits).toMatch(/\{\{end\}\}.*\{\{until\}\}/u);
      expect(panel.waitsSame).toContain("{{end}}");
    }
  });

  test("each line of the hosting form is a sentence of its own", () => {
    expect(fr.rule.profile.qualifiedDetail).not.toMatch(/^Ou /u);
    expect(en.rule.profile.qualifiedDetail).not.toMatch(/^Or /u);
  });
});
