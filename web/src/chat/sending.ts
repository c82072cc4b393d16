import { useCallback, useMemo } from "react";
import { plain } from "#/core/api/content";
import type { FileView, MessageView } from "#/core/api/schema";
import { connection, keeper } from "#/core/journal/live";
import { whenLeft } from "#/core/session/session";
import { useStore } from "#/core/store";
import { createOutbox, type Pending, shownPendings } from "./outbox";
import { showEnd } from "./queries";
import { stopTyping } from "./typing";
import type { MessageWindow } from "./window";

/** What this window has written and the channel does not show yet. */
export const outbox = createOutbox(async (frame) => (await connection.request(frame)) as MessageView);

keeper.onEvent(({ e, by }) => {
  if (e.type === "chat.message.sent" && by === keeper.house.get()?.me) outbox.arrived(e.message);
});

whenLeft(() => outbox.clear());

// Closing the page would lose what the server has not got.
window.addEventListener("beforeunload", (event) => {
  if (outbox.holds()) event.preventDefault();
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
