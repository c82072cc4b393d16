import { type RefObject, useEffect, useRef } from "react";

type Layer = { close: () => void };

/** What Esc can close, the nearest last. Menus and dialogs look after themselves, before the key arrives here. */
const layers: Layer[] = [];

/** Closes what was opened last, and says whether there was something. */
export function closeNearest(): boolean {
  const nearest = layers.at(-1);
  nearest?.close();
  return nearest !== undefined;
}

/**
 * While it is on screen, Esc closes it if nothing opened after it takes the key first. With `within`, a key
 * pressed inside that element closes it whatever was opened since.
 */
export function useEscape(close: () => void, within?: RefObject<HTMLElement | null>): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    const layer: Layer = { close: () => latest.current() };
    layers.push(layer);
    const element = within?.current;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      layer.close();
    };
    element?.addEventListener("keydown", onKey);
    return () => {
      element?.removeEventListener("keydown", onKey);
      layers.splice(layers.indexOf(layer), 1);
    };
  }, [within]);
}
