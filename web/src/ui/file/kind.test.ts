import { describe, expect, test } from "vitest";
import { fileKind, splitName } from "./kind";

describe("files as people see them", () => {
  test("kinds", () => {
    const kinds = {
      "application/vnd.oasis.opendocument.text": "text",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "text",
      "application/vnd.oasis.opendocument.spreadsheet": "sheet",
      "text/csv": "sheet",
      "application/vnd.oasis.opendocument.presentation": "slides",
      "application/pdf": "pdf",
      "IMAGE/PNG": "image",
      "video/mp4": "video",
      "audio/ogg": "audio",
      "application/zip": "archive",
      "application/gzip": "archive",
      "application/json": "code",
      "text/x-python": "code",
      "text/plain": "text",
      "application/octet-stream": "other",
      "": "other",
    };
    expect(Object.fromEntries(Object.keys(kinds).map((type) => [type, fileKind(type)]))).toEqual(kinds);
  });

  test("a name keeps its ending", () => {
    expect(splitName("Compte rendu, mars.odt")).toEqual({ stem: "Compte rendu, mars", ending: ".odt" });
    expect(splitName("archive.tar.gz")).toEqual({ stem: "archive.tar", ending: ".gz" });
    expect(splitName(".profile")).toEqual({ stem: ".profile", ending: "" });
    expect(splitName("sans fin")).toEqual({ stem: "sans fin", ending: "" });
    expect(splitName("Voir p. 12 du rapport")).toEqual({ stem: "Voir p. 12 du rapport", ending: "" });
  });
});
