import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

/**
 * When another page has come, puts the focus at its beginning, where a reader then starts, unless the page has
 * already put it somewhere inside itself (a field to write in).
 */
export function useFocusOnArrival(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe("onRendered", ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return;
        const main = document.querySelector("main");
        if (!main || main.contains(document.activeElement)) return;
        const beginning = main.querySelector<HTMLElement>("h1") ?? main;
        beginning.tabIndex = -1;
        beginning.focus({ preventScroll: true });
      }),
    [router],
  );
}
