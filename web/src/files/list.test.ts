import { describe, expect, test } from "vitest";
import { file, frame, SPACE } from "#/test/things";
import { type FileList, heardInList, withPage } from "./list";

const list: FileList = { files: [file(3), file(2)], next: "more" };
const heard = (e: Parameters<typeof frame>[0], s = SPACE): FileList =>
  heardInList(list, frame(e, { s }), SPACE);
const names = ({ files }: FileList): string[] => files.map(({ name }) => name.text);

describe("a list of files", () => {
  test("begins with the newest, whatever the order in which it hears of them", () => {
    const added = heard({ type: "files.file.added", file: file(5) });
    expect(names(added)).toEqual(["plan 5.pdf", "plan 3.pdf", "plan 2.pdf"]);
    const between = heardInList(added, frame({ type: "files.file.added", file: file(4) }), SPACE);
    expect(names(between)).toEqual(["plan 5.pdf", "plan 4.pdf", "plan 3.pdf", "plan 2.pdf"]);
  });

  test("shows each file once", () => {
    expect(heard({ type: "files.file.added", file: file(3) })).toBe(list);
    expect(withPage(list, { files: [file(2), file(1)], next: null })).toEqual({
      files: [file(3), file(2), file(1)],
      next: null,
    });
  });

  test("follows what changes and what goes, in its own space", () => {
    const ready = file(2, { preview: "ready" });
    expect(heard({ type: "files.file.changed", file: ready }).files[1]).toEqual(ready);
    expect(names(heard({ type: "files.file.removed", file_id: file(3).id }))).toEqual(["plan 2.pdf"]);
    expect(heard({ type: "files.file.removed", file_id: file(3).id }, "other")).toBe(list);
    expect(heard({ type: "files.file.changed", file: file(9) })).toBe(list);
  });
});
