import { describe, expect, test } from "vitest";
import { shownHost } from "./hosts";

describe("names of hosts", () => {
  test("what is what it looks like is shown as it is written", () => {
    for (const host of [
      "exemple.fr",
      "exemple.fr:8080",
      "préfecture.fr",
      "œuvre.gouv.fr:443",
      "straße.de",
      "правительство.рф",
      "москва.example",
      "ελλάδα.gr",
      "日本語テスト.jp",
      "さくらーbar.jp",
      "한국.kr",
      "مثال.example",
    ]) {
      expect(shownHost(host), host).toBe(host);
    }
  });

  test("scripts that are mixed are shown in ASCII", () => {
    // A Cyrillic а among Latin letters; a Greek ο; both under innocent ends.
    expect(shownHost("pаypal.com")).toBe("xn--pypal-4ve.com");
    expect(shownHost("gοogle.com:80")).toMatch(/^xn--.*\.com:80$/u);
    expect(shownHost("www.impоts.gouv.fr")).toMatch(/^www\.xn--.*\.gouv\.fr$/u);
  });

  test("a name that passes wholly for a Latin one is shown in ASCII", () => {
    expect(shownHost("аррӏе.com")).toBe("xn--80ak6aa92e.com");
    expect(shownHost("АРРӏе.com")).toBe("xn--80ak6aa92e.com");
    expect(shownHost("сосо.рф")).toBe("сосо.рф");
  });

  test("odd Latin letters, wide ones and Roman figures are shown as where they lead", () => {
    expect(shownHost("lınkedin.com")).toMatch(/^xn--/u);
    expect(shownHost("ɡoogle.com")).toMatch(/^xn--/u);
    expect(shownHost("ｅｘｅｍｐｌｅ.fr")).toBe("exemple.fr");
    expect(shownHost("appⅼe.com")).toBe("apple.com");
  });

  test("what no address can have is none", () => {
    expect(shownHost("a\u00adb\u0338c.\u2488com")).toBeNull();
  });
});
