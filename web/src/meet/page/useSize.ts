import { type RefObject, useLayoutEffect, useState } from "react";
import type { Size } from "../room/subscriptions";

/** The inner size of an element, in CSS pixels, and again whenever it changes; null until it is laid out. */
export function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const one = element.current;
    if (!one) return;
    const look = (): void => {
      const style = getComputedStyle(one);
      const width =
        one.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
      const height =
        one.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom);
      setSize((before) => (before?.width === width && before.height === height ? before : { width, height }));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(one);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
