import { useMemo } from "react";
import { useStore } from "#/core/store";
import { uploads } from "#/files/uploads";
import { departures, standing } from "./composer/departures";
import { departureShown, pendingShown, type Shown, shownOf } from "./list/shown";
import { outbox, usePendings } from "./sending";
import type { MessageWindow } from "./window";

/** What one has put in the place of a message's words, until the channel shows it. */
export type Edits = { readonly [key: string]: string };

/** Everything that the list of a channel shows, in order: its messages, then one's own on their way. */
export function useEntries(
  channel: string,
  me: string,
  window: MessageWindow | undefined,
  edits: Edits,
): readonly Shown[] {
  const pendings = usePendings(channel, window);
  const leaving = useStore(departures, (all) => all);
  const files = useStore(uploads.all, (all) => all);
  const said = useMemo(
    () =>
      (window?.messages ?? []).map((message) => {
        const shown = shownOf(message);
        const text = edits[shown.key];
        return text === undefined ? shown : { ...shown, text };
      }),
    [window, edits],
  );
  const unsaid = useMemo(() => {
    const act = {
      retry: (id: string) => outbox.retry(channel, id),
      discard: (id: string) => outbox.discard(channel, id),
    };
    return pendings.map((pending) => pendingShown(pending, me, act));
  }, [pendings, channel, me]);
  const waiting = useMemo(
    () =>
      leaving
        .filter((one) => one.channel === channel)
        .map((one) => departureShown(one, standing(one, files), me)),
    [leaving, files, channel, me],
  );
  return useMemo(() => [...said, ...unsaid, ...waiting], [said, unsaid, waiting]);
}
