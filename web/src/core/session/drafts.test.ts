import { afterEach, expect, test } from "vitest";
import { draftOf, forgetDrafts, keepDraft } from "./drafts";

afterEach(() => localStorage.clear());

test("drafts are kept by channel, for one person of a device at a time", () => {
  keepDraft("agathe", "général", "Bonj");
  keepDraft("agathe", "digues", "Le batardeau");
  expect([draftOf("agathe", "général"), draftOf("agathe", "digues")]).toEqual(["Bonj", "Le batardeau"]);
  keepDraft("agathe", "général", "");
  expect(draftOf("agathe", "général")).toBe("");
  expect(draftOf("yanis", "digues")).toBe("");
  keepDraft("yanis", "général", "Salut");
  expect(draftOf("agathe", "digues")).toBe("");
  expect(JSON.stringify({ ...localStorage })).not.toContain("batardeau");
});

test("signing out leaves nothing", () => {
  keepDraft("agathe", "général", "Bonj");
  forgetDrafts();
  expect(JSON.stringify({ ...localStorage })).not.toContain("Bonj");
});

test("what is not a draft is not read as one", () => {
  for (const odd of ["", "{", "null", "[]", '{"person":1}', '{"person":"agathe","drafts":{}}']) {
    localStorage.setItem("bastide.drafts", odd);
    expect(draftOf("agathe", "général")).toBe("");
  }
});
