import type { AnyEvent, EventFrame, FileView, MessageView } from "#/core/api/schema";

/** Things for tests, plausible and plain. */

export const id = (tail: number): string => `018e0000-0000-7000-8000-${String(tail).padStart(12, "0")}`;

export const [ME, OTHER, SPACE, CHANNEL] = [id(1), id(2), id(10), id(20)];

export const message = (ordinal: number, more: Partial<MessageView> = {}): MessageView => ({
  id: id(1000 + ordinal),
  client_id: id(2000 + ordinal),
  space_id: SPACE,
  channel_id: CHANNEL,
  ordinal,
  author_id: OTHER,
  content: { format: "plain", text: `n° ${ordinal}` },
  files: [],
  sent_at: "2026-03-10T08:00:00Z",
  edited_at: null,
  deleted_at: null,
  ...more,
});

export const messages = (from: number, to: number): MessageView[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));

export const file = (tail: number, more: Partial<FileView> = {}): FileView => ({
  id: id(3000 + tail),
  space_id: SPACE,
  name: { format: "plain", text: `plan ${tail}.pdf` },
  size: 1000,
  media_type: "application/pdf",
  preview: "none",
  width: null,
  height: null,
  created_by: OTHER,
  created_at: `2026-03-10T08:${String(tail % 60).padStart(2, "0")}:00Z`,
  ...more,
});

export const frame = (e: AnyEvent, more: Partial<EventFrame> = {}): EventFrame => ({
  t: "event",
  s: SPACE,
  q: 1,
  at: "2026-03-10T08:00:00Z",
  by: OTHER,
  e,
  ...more,
});

export const sent = (ordinal: number, more: Partial<MessageView> = {}): EventFrame =>
  frame({ type: "chat.message.sent", message: message(ordinal, more) });

export const changed = (ordinal: number, more: Partial<MessageView>): EventFrame =>
  frame({ type: "chat.message.changed", message: message(ordinal, more) });

/** Numbers that look random and are the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
