import { useCallback, useMemo } from "react";
import { plain } from "#/core/api/content";
import type { FileView, MessageView } from "#/core/api/schema";
import { connection, keeper } from "#/core/journal/live";
import { labelOf, lastingOf } from "#/core/session/lasting";
import { forgetAtSignOut, whenLeft } from "#/core/session/session";
import { useStore } from "#/core/store";
import { keepPendings } from "./keeping";
import { createOutbox, type Pending, shownPendings } from "./outbox";
import { showEnd } from "./queries";
import { shelf } from "./shelf";
import { stopTyping } from "./typing";
import type { MessageWindow } from "./window";

/** What this window has written and the channel does not show yet. */
export const outbox = createOutbox(async (frame) => (await connection.request(frame)) as MessageView);

keeper.onEvent(({ e, by }) => {
  if (e.type === "chat.message.sent" && by === keeper.house.get()?.me) outbox.arrived(e.message);
});

const keeping = keepPendings(
  outbox,
  shelf,
  // Above internal nothing is written to the disk, and the page is not closed unasked.
  (channel) => lastingOf(keeper.house.get(), channel) === "device",
  (channel) => labelOf(keeper.house.get(), channel) !== undefined,
);

let whose: string | null = null;

/** What was written before this page was opened goes out as soon as the house is. */
function look(): void {
  const now = keeper.house.get()?.me ?? null;
  if (now === whose) return;
  whose = now;
  if (now === null) keeping.stop();
  else void keeping.start(now);
}
keeper.house.subscribe(look);
look();

whenLeft(() => {
  // What is laid down stays when a session merely ends; first nothing follows the outbox any more.
  keeping.stop();
  outbox.clear();
});
forgetAtSignOut(() => keeping.forget());

// Closing the page would lose what neither the server nor the disk has got.
window.addEventListener("beforeunload", (event) => {
  if (keeping.loses()) event.preventDefault();
});

const NONE: readonly Pending[] = [];

/** One's own messages that go after those of a window: on their way, or refused. */
export function usePendings(channel: string, window: MessageWindow | undefined): readonly Pending[] {
  const all = useStore(outbox.pendings, (pendings) => pendings[channel] ?? NONE);
  return useMemo(() => shownPendings(all, window), [all, window]);
}

/** Sends a message to a channel: it shows at once, and goes out as soon as it can. Gives its client id. */
export function useSendMessage(channel: string): (text: string, files?: readonly FileView[]) => string {
  return useCallback(
    (text, files) => {
      stopTyping(channel);
      // Without the line the end is shown once it is back; the message waits below whatever is shown.
      showEnd(channel).catch(() => undefined);
      return outbox.send(channel, plain(text), files);
    },
    [channel],
  );
}
