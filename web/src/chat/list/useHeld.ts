import { type PointerEvent, type SyntheticEvent, useEffect, useRef, useState } from "react";
import type { Shown } from "./shown";

const HELD_MS = 450;
/** A finger that moves further than this scrolls. */
const STILL = 10;

type Held = {
  readonly shown: Shown | null;
  readonly at: { readonly x: number; readonly y: number };
  readonly close: () => void;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: () => void;
    readonly onTouchEnd: (event: SyntheticEvent) => void;
    readonly onPointerCancel: () => void;
    readonly onContextMenu: (event: SyntheticEvent) => void;
  };
};

/** The message that a finger holds down, and where: what a pointer gets by hovering. */
export function useHeld(find: (key: string) => Shown | null): Held {
  const [held, setHeld] = useState<{ shown: Shown; x: number; y: number } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const from = useRef<{ x: number; y: number } | null>(null);
  const stop = (): void => {
    clearTimeout(timer.current);
    from.current = null;
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    shown: held?.shown ?? null,
    at: { x: held?.x ?? 0, y: held?.y ?? 0 },
    close: () => setHeld(null),
    handlers: {
      onPointerDown: (event) => {
        stop();
        if (event.pointerType === "mouse" || !(event.target instanceof Element)) return;
        // Links, buttons and fields have their own meaning of being held.
        const row = event.target.closest("a, button, textarea, input")
          ? null
          : event.target.closest<HTMLElement>("article[data-key]");
        const shown = row ? find(row.dataset["key"] ?? "") : null;
        if (!shown || shown.id === null) return;
        const { clientX: x, clientY: y } = event;
        from.current = { x, y };
        timer.current = setTimeout(() => setHeld({ shown, x, y }), HELD_MS);
      },
      onPointerMove: (event) => {
        const began = from.current;
        if (began && Math.hypot(event.clientX - began.x, event.clientY - began.y) > STILL) stop();
      },
      onPointerUp: stop,
      onTouchEnd: (event) => {
        // The click that some browsers make of a long press would close the menu again.
        if (held) event.preventDefault();
      },
      onPointerCancel: stop,
      onContextMenu: (event) => {
        // A phone's own menu for a long press would lie over ours.
        if (from.current) event.preventDefault();
      },
    },
  };
}
