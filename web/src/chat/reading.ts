import { useEffect, useState } from "react";
import { ProblemError } from "#/core/api/errors";
import { changed } from "#/core/journal/house";
import { connection, keeper, useHouse } from "#/core/journal/live";
import { useAttended } from "#/core/session/attention";
import { whenLeft } from "#/core/session/session";

/** At most one mark a second goes out for a channel. */
const EVERY_MS = 1_000;

type Mark = { wanted: number; busy: boolean };
const marks = new Map<string, Mark>();

whenLeft(() => marks.clear());

/** Notes that one has read up to a message: here at once, on the server soon. A mark never goes back. */
export function markRead(channel: string, ordinal: number): void {
  const read = keeper.house.get()?.channels[channel]?.read;
  if (read === undefined || ordinal <= read) return;
  keeper.assume((house) =>
    changed(house, "channels", channel, (own) => ({ ...own, read: Math.max(own.read, ordinal) })),
  );
  const mark = marks.get(channel) ?? { wanted: 0, busy: false };
  marks.set(channel, mark);
  mark.wanted = Math.max(mark.wanted, ordinal);
  if (!mark.busy) void tell(channel, mark);
}

async function tell(channel: string, mark: Mark): Promise<void> {
  mark.busy = true;
  while (marks.get(channel) === mark && mark.wanted > 0) {
    const ordinal = mark.wanted;
    const pause = new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    try {
      await connection.request({ t: "chat.read", channel_id: channel, ordinal });
    } catch (error) {
      // Refused: the channel is gone for this person. Anything else: the session is.
      if (!(error instanceof ProblemError)) return;
    }
    if (mark.wanted === ordinal) mark.wanted = 0;
    await pause;
  }
  mark.busy = false;
}

/** Marks a channel read up to the last message on screen, while somebody looks at this window. */
export function useMarkRead(channel: string, lastSeen: number | null): void {
  const attended = useAttended();
  useEffect(() => {
    if (attended && lastSeen !== null) markRead(channel, lastSeen);
  }, [channel, attended, lastSeen]);
}

/** Where the line of what is new stands, and what it knew when it was put there. */
export type NewLine = {
  readonly channel: string;
  /** The line stands before this message; null without one. */
  readonly from: number | null;
};

/**
 * The line stands where one had read to when one came to the channel, or looked away from it, so that it does not run
 * away while one reads. It goes when one writes oneself, for then one has read.
 */
export function newLine(
  before: NewLine | null,
  now: {
    readonly channel: string;
    readonly read: number;
    readonly last: number;
    readonly attended: boolean;
    readonly lastIsOwn: boolean;
  },
): NewLine {
  const came = before?.channel !== now.channel;
  const unread = now.last > now.read;
  const here = { channel: now.channel, from: unread ? now.read + 1 : null };
  if (came) return here;
  if (now.lastIsOwn && !unread && before.from !== null) return here;
  // What came while nobody looked is new to whoever comes back; what an older line showed has been seen.
  if (!now.attended && unread && before.from !== here.from && (before.from ?? 0) <= now.read) return here;
  return before;
}

/** Before which message the line of what is new stands, in one's visit to a channel; null without one. */
export function useNewLine(channel: string): number | null {
  const own = useHouse((house) => house.channels[channel]);
  const me = useHouse((house) => house.me);
  const attended = useAttended();
  const [line, setLine] = useState<NewLine | null>(null);
  const next = newLine(line, {
    channel,
    read: own?.read ?? 0,
    last: own?.channel.last_ordinal ?? 0,
    attended,
    lastIsOwn: own?.channel.last?.author_id === me,
  });
  // In the render itself: the line has to stand before the first picture, and before the mark moves.
  if (next !== line) setLine(next);
  return next.from;
}
