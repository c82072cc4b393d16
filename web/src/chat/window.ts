import { compareInstants } from "#/core/api/instant";
import type { EventFrame, FileView, MessagePage, MessageView } from "#/core/api/schema";

/**
 * A run of a channel's messages without holes, in order. `before` and `after` say whether there are more on that side;
 * with nothing after it, the window reaches the channel's end and goes on with it.
 */
export type MessageWindow = {
  readonly messages: readonly MessageView[];
  readonly before: boolean;
  readonly after: boolean;
};

/** More than this is not kept on one side of what is read: it is asked for again when one scrolls there. */
export const KEPT_MOST = 500;

export const windowOf = ({ messages, before, after }: MessagePage): MessageWindow => ({
  messages,
  before,
  after,
});

/** The window with what comes before it. */
export function withEarlier(window: MessageWindow, earlier: MessageWindow): MessageWindow {
  const first = window.messages[0];
  if (!first) return earlier;
  const fresh = earlier.messages.filter(({ ordinal }) => ordinal < first.ordinal);
  // An answer to a question about another window, or nothing new.
  if (fresh.length > 0 && fresh.at(-1)?.ordinal !== first.ordinal - 1) return window;
  const messages = [...fresh, ...window.messages];
  const over = messages.length - KEPT_MOST;
  return {
    messages: over > 0 ? messages.slice(0, KEPT_MOST) : messages,
    before: earlier.before,
    after: over > 0 || window.after,
  };
}

/** The window with what comes after it. */
export function withLater(window: MessageWindow, later: MessageWindow): MessageWindow {
  const last = window.messages.at(-1);
  if (!last) return later;
  const fresh = later.messages.filter(({ ordinal }) => ordinal > last.ordinal);
  if (fresh.length > 0 && fresh[0]?.ordinal !== last.ordinal + 1) return window;
  return trimmed({
    messages: [...window.messages, ...fresh],
    before: window.before,
    after: later.after,
  });
}

/** Lets go of the oldest when there are too many. */
function trimmed(window: MessageWindow): MessageWindow {
  const over = window.messages.length - KEPT_MOST;
  return over > 0 ? { ...window, messages: window.messages.slice(over), before: true } : window;
}

/** The window after an event. What it shows already, it shows once. */
export function heardIn(window: MessageWindow, frame: EventFrame, channel: string): MessageWindow {
  const { e } = frame;
  switch (e.type) {
    case "chat.message.sent":
      return e.message.channel_id === channel ? withSent(window, e.message) : window;
    case "chat.message.changed":
      return e.message.channel_id === channel ? withChanged(window, e.message) : window;
    case "files.file.changed":
      return eachFiles(window, e.file.id, (files) =>
        files.map((file) => (file.id === e.file.id ? e.file : file)),
      );
    case "files.file.removed":
      return eachFiles(window, e.file_id, (files) => files.filter((file) => file.id !== e.file_id));
    default:
      return window;
  }
}

function withSent(window: MessageWindow, message: MessageView): MessageWindow {
  const last = window.messages.at(-1);
  if (last && message.ordinal <= last.ordinal) return withChanged(window, message);
  // The end is not in sight: what is new there is asked for when one goes there.
  if (window.after) return window;
  if (last && message.ordinal > last.ordinal + 1) return { ...window, after: true };
  return trimmed({ ...window, messages: [...window.messages, message] });
}

function withChanged(window: MessageWindow, message: MessageView): MessageWindow {
  const index = window.messages.findIndex(({ id }) => id === message.id);
  const known = window.messages[index];
  if (!known || isOlder(message, known)) return window;
  return { ...window, messages: window.messages.with(index, message) };
}

/** Whether one telling of a message is older than another: events may come behind an answer that knows more. */
function isOlder(one: MessageView, other: MessageView): boolean {
  if (other.deleted_at) return !one.deleted_at;
  if (one.deleted_at || !other.edited_at) return false;
  return !one.edited_at || compareInstants(one.edited_at, other.edited_at) < 0;
}

function eachFiles(
  window: MessageWindow,
  file: string,
  change: (files: FileView[]) => FileView[],
): MessageWindow {
  if (!window.messages.some(({ files }) => files.some(({ id }) => id === file))) return window;
  const messages = window.messages.map((message) =>
    message.files.some(({ id }) => id === file) ? { ...message, files: change(message.files) } : message,
  );
  return { ...window, messages };
}

/** What to ask for, to have a window anew that may have missed something, around what it showed. */
export function renewal(window: MessageWindow): { readonly around?: number; readonly limit: number } {
  const limit = Math.max(50, Math.min(100, window.messages.length));
  const middle = window.messages[Math.floor(window.messages.length / 2)];
  return window.after && middle ? { around: middle.ordinal, limit } : { limit };
}
