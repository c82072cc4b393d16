import type { FileView } from "#/core/api/schema";
import type { House, Reducers } from "#/core/journal/house";

/** The files that hang on a channel's last message are all that the house knows of files. */
function eachFile(house: House, space: string, change: (files: FileView[]) => FileView[]): House {
  const touched = Object.entries(house.channels).flatMap(([id, own]) => {
    const { last } = own.channel;
    if (own.channel.space_id !== space || !last || last.files.length === 0) return [];
    const files = change(last.files);
    return [[id, { ...own, channel: { ...own.channel, last: { ...last, files } } }]] as const;
  });
  return touched.length === 0
    ? house
    : { ...house, channels: { ...house.channels, ...Object.fromEntries(touched) } };
}

/** What the events of files make of the house. */
export const filesReducers = {
  "files.file.added": (house) => house,
  "files.file.changed": (house, { s, e }) =>
    eachFile(house, s, (files) => files.map((one) => (one.id === e.file.id ? e.file : one))),
  "files.file.removed": (house, { s, e }) =>
    eachFile(house, s, (files) => files.filter((one) => one.id !== e.file_id)),
} satisfies Partial<Reducers>;
