import { useEffect, useRef } from "react";
import { addShortcut, press } from "./keys";

/** A shortcut that works while the caller is on screen; see `keys.ts` for how they are written. */
export function useShortcut(keys: string, run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => addShortcut(keys, () => latest.current()), [keys]);
}

/** Listens to the keyboard for all shortcuts; stands once, at the root of the window. */
export function useKeyboard(onEscape: () => boolean): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) {
        if (latest.current()) event.preventDefault();
        return;
      }
      if (press(event)) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
