import { useEffect } from "react";
import { connection } from "#/core/journal/live";

const AWAY_AFTER_MS = 5 * 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/** Tells the server when its person has left this window alone for a while, and when they are back. */
export function useAway(): void {
  useEffect(() => {
    let away = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (next: boolean): void => {
      if (next === away) return;
      away = next;
      connection.keepTelling({ t: "away", away });
    };
    const sign = (): void => {
      tell(false);
      clearTimeout(timer);
      timer = setTimeout(() => tell(true), AWAY_AFTER_MS);
    };
    sign();
    for (const kind of SIGNS) window.addEventListener(kind, sign, { passive: true });
    return () => {
      clearTimeout(timer);
      for (const kind of SIGNS) window.removeEventListener(kind, sign);
    };
  }, []);
}
