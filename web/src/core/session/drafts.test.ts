import { afterEach, expect, test } from "vitest";
import { draftOf, forgetDrafts, keepDraft } from "./drafts";

afterEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test("drafts are kept by channel, for one person of a device at a time", () => {
  keepDraft("agathe", "général", "Bonj", "device");
  keepDraft("agathe", "digues", "Le batardeau", "device");
  expect([draftOf("agathe", "général"), draftOf("agathe", "digues")]).toEqual(["Bonj", "Le batardeau"]);
  keepDraft("agathe", "général", "", "device");
  expect(draftOf("agathe", "général")).toBe("");
  expect(draftOf("yanis", "digues")).toBe("");
  keepDraft("yanis", "général", "Salut", "device");
  expect(draftOf("agathe", "digues")).toBe("");
  expect(JSON.stringify({ ...localStorage })).not.toContain("batardeau");
});

test("signing out leaves nothing", () => {
  keepDraft("agathe", "général", "Bonj", "device");
  forgetDrafts();
  expect(JSON.stringify({ ...localStorage })).not.toContain("Bonj");
});

test("what is not a draft is not read as one", () => {
  for (const odd of ["", "{", "null", "[]", '{"person":1}', '{"person":"agathe","drafts":{}}']) {
    localStorage.setItem("bastide.drafts", odd);
    expect(draftOf("agathe", "général")).toBe("");
  }
});

test("what may not lie on the disk lasts as long as the tab, and leaves the disk when its label is raised", () => {
  keepDraft("agathe", "général", "Le dossier de M. X", "tab");
  expect(JSON.stringify({ ...localStorage })).not.toContain("dossier");
  expect(draftOf("agathe", "général")).toBe("Le dossier de M. X");
  keepDraft("agathe", "digues", "Le batardeau", "device");
  keepDraft("agathe", "digues", "Le batardeau cède", "tab");
  expect(JSON.stringify({ ...localStorage })).not.toContain("batardeau");
  expect(draftOf("agathe", "digues")).toBe("Le batardeau cède");
  forgetDrafts();
  expect(JSON.stringify({ ...sessionStorage })).not.toContain("batardeau");
});
