export const FILE_KINDS = [
  "folder",
  "text",
  "pdf",
  "sheet",
  "slides",
  "image",
  "video",
  "audio",
  "archive",
  "code",
  "other",
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const BY_TYPE: readonly (readonly [RegExp, FileKind])[] = [
  [/^image\//u, "image"],
  [/^video\//u, "video"],
  [/^audio\//u, "audio"],
  [/^application\/pdf$/u, "pdf"],
  [/opendocument\.spreadsheet|spreadsheetml|ms-excel|^text\/csv$/u, "sheet"],
  [/opendocument\.presentation|presentationml|ms-powerpoint/u, "slides"],
  [/opendocument\.text|wordprocessingml|msword|^application\/rtf$|^text\/(plain|markdown|rtf)$/u, "text"],
  [/zip|x-tar|gzip|x-7z|x-bzip|x-xz|x-rar/u, "archive"],
  [/json|xml|javascript|^text\//u, "code"],
];

/** What kind of thing a file is to people, from its media type (as the server sniffed it). */
export function fileKind(mediaType: string): FileKind {
  const type = mediaType.toLowerCase();
  return BY_TYPE.find(([pattern]) => pattern.test(type))?.[1] ?? "other";
}

/** A file's name in two parts, so that a long one can lose its middle and keep its ending. */
export function splitName(name: string): { stem: string; ending: string } {
  const dot = name.lastIndexOf(".");
  if (dot <= 0 || name.length - dot > 6) return { stem: name, ending: "" };
  return { stem: name.slice(0, dot), ending: name.slice(dot) };
}
