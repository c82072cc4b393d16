import { useCallback, useEffect, useRef, useState } from "react";
import { useHouse } from "#/core/journal/live";
import { draftOf, keepDraft } from "#/core/session/drafts";
import { lastingOf } from "#/core/session/lasting";

const KEPT_AFTER_MS = 400;

/** What one is writing in a channel: kept until it is sent, or until one signs out. */
export function useDraft(channel: string): readonly [string, (text: string) => void] {
  const person = useHouse((house) => house.me);
  const lasting = useHouse((house) => lastingOf(house, channel));
  const [draft, setDraft] = useState({ channel, text: draftOf(person, channel) });
  const unkept = useRef<(() => void) | null>(null);
  // Another channel: its own draft, at once.
  const here = draft.channel === channel ? draft : { channel, text: draftOf(person, channel) };
  if (here !== draft) setDraft(here);

  const keepNow = useCallback(() => {
    unkept.current?.();
    unkept.current = null;
  }, []);

  useEffect(() => {
    window.addEventListener("pagehide", keepNow);
    return () => window.removeEventListener("pagehide", keepNow);
  }, [keepNow]);

  // Whoever leaves the channel leaves the draft as it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the channel changes
  useEffect(() => keepNow, [channel, keepNow]);

  const write = useCallback(
    (text: string) => {
      setDraft({ channel, text });
      let timer: ReturnType<typeof setTimeout> | undefined;
      const keep = (): void => {
        clearTimeout(timer);
        keepDraft(person, channel, text, lasting);
      };
      const waiting = unkept.current;
      unkept.current = keep;
      // Sent or wiped: it must not come back.
      if (text === "") keepNow();
      else if (waiting === null) timer = setTimeout(keepNow, KEPT_AFTER_MS);
    },
    [channel, person, lasting, keepNow],
  );
  return [here.text, write];
}
