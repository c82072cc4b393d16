import { compareInstants } from "#/core/api/instant";
import type { EventFrame, FilePage, FileView } from "#/core/api/schema";

/** The newest files of a space, newest first; `next` asks for those after them, null when these are all. */
export type FileList = { readonly files: readonly FileView[]; readonly next: string | null };

const newestFirst = (one: FileView, other: FileView): number =>
  compareInstants(other.created_at, one.created_at) || (other.id < one.id ? -1 : 1);

/** The list with the page after it. */
export function withPage(list: FileList, page: FilePage): FileList {
  const known = new Set(list.files.map(({ id }) => id));
  return {
    files: [...list.files, ...page.files.filter(({ id }) => !known.has(id))].sort(newestFirst),
    next: page.next,
  };
}

/** The list after an event of its space. What it shows already, it shows once. */
export function heardInList(list: FileList, { s, e }: EventFrame, space: string): FileList {
  if (s !== space) return list;
  switch (e.type) {
    case "files.file.added":
      if (list.files.some(({ id }) => id === e.file.id)) return list;
      return { ...list, files: [e.file, ...list.files].sort(newestFirst) };
    case "files.file.changed":
      if (!list.files.some(({ id }) => id === e.file.id)) return list;
      return { ...list, files: list.files.map((file) => (file.id === e.file.id ? e.file : file)) };
    case "files.file.removed":
      if (!list.files.some(({ id }) => id === e.file_id)) return list;
      return { ...list, files: list.files.filter(({ id }) => id !== e.file_id) };
    default:
      return list;
  }
}
