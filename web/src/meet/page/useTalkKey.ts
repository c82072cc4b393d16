import { useEffect, useState } from "react";
import { letterShortcuts } from "#/core/keys/keys";
import { own } from "../media/own";

const USES_SPACE =
  "input, textarea, select, button, a[href], summary, [contenteditable], [role=menuitem], [role=menuitemradio], [role=option], [role=tab]";

/** Opens a muted microphone for as long as the space bar is held, unless what has the focus uses the bar itself. */
export function useTalkKey(on: boolean): boolean {
  const [talking, setTalking] = useState(false);
  useEffect(() => {
    if (!on) return;
    let held = false;
    const stop = (): void => {
      if (!held) return;
      held = false;
      own.microphone.off(true);
      setTalking(false);
    };
    const down = (event: KeyboardEvent): void => {
      if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (held) {
        event.preventDefault();
        return;
      }
      if (event.repeat || event.defaultPrevented || !letterShortcuts()) return;
      if (event.target instanceof Element && event.target.closest(USES_SPACE)) return;
      if (own.microphone.state.get().wanted) return;
      event.preventDefault();
      held = true;
      setTalking(true);
      void own.microphone.on();
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key === " ") stop();
    };
    document.addEventListener("keydown", down);
    document.addEventListener("keyup", up);
    // Whoever leaves the window while holding the key is not heard for ever.
    window.addEventListener("blur", stop);
    return () => {
      stop();
      document.removeEventListener("keydown", down);
      document.removeEventListener("keyup", up);
      window.removeEventListener("blur", stop);
    };
  }, [on]);
  return talking;
}
