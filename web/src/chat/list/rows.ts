/** What the layout of a list of messages looks at. */
export type Placed = {
  readonly key: string;
  readonly authorId: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
  /** Its place in the channel; null while it is on its way. */
  readonly ordinal: number | null;
};

export type Row<Message extends Placed> =
  | { readonly type: "day"; readonly key: string; readonly at: number }
  | { readonly type: "new"; readonly key: "new" }
  | {
      readonly type: "message";
      readonly key: string;
      readonly message: Message;
      /** Begins a group: who and when stand above it. */
      readonly head: boolean;
      /** Ends one. */
      readonly tail: boolean;
    };

/** The same author within this time is one group. */
const GROUP_MS = 5 * 60_000;

/**
 * Lays messages out: a separator before each day, the line of what is new before the message `newFrom`, and which
 * messages begin a group. Groups never run across a separator or the line.
 *
 * `begun` says that the first message is the channel's first one: before any other, its day may have begun earlier
 * on a page that is not here, so nothing is said of it.
 */
export function layOut<Message extends Placed>(
  messages: readonly Message[],
  newFrom: number | null,
  sameDay: (one: number, other: number) => boolean,
  begun: boolean,
): readonly Row<Message>[] {
  const rows: Row<Message>[] = [];
  let before: Message | null = null;
  let lineDrawn = newFrom === null;
  for (const message of messages) {
    let head: boolean = !before || before.authorId !== message.authorId || message.at - before.at >= GROUP_MS;
    if (before ? !sameDay(before.at, message.at) : begun) {
      rows.push({ type: "day", key: `day ${message.key}`, at: message.at });
      head = true;
    }
    // What is on its way is one's own, and never new.
    if (!lineDrawn && newFrom !== null && message.ordinal !== null && message.ordinal >= newFrom) {
      // When the page begins after the line, the line stands above, on a page that is not here.
      if (before || message.ordinal === newFrom) rows.push({ type: "new", key: "new" });
      lineDrawn = true;
      head = true;
    }
    if (head) endGroup(rows);
    rows.push({ type: "message", key: message.key, message, head, tail: false });
    before = message;
  }
  endGroup(rows);
  return rows;
}

/** What is known of a message only once another group, a day or nothing follows it. */
function endGroup<Message extends Placed>(rows: Row<Message>[]): void {
  const index = rows.findLastIndex(({ type }) => type === "message");
  const row = rows[index];
  if (row?.type === "message") rows[index] = { ...row, tail: true };
}
