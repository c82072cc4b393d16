/*
 * The call this tab is in, so that whoever reloads the page is back in it without being asked. A tab's own storage: other
 * tabs know nothing of it.
 */

import { keepsNothing } from "#/core/preferences/stored";

const KEY = "bastide.call";

export type Kept = {
  readonly space: string;
  readonly call: string;
  readonly microphone: boolean;
  readonly camera: boolean;
};

export function keepCall(kept: Kept | null): void {
  try {
    if (kept && !keepsNothing()) sessionStorage.setItem(KEY, JSON.stringify(kept));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage may be forbidden by the browser's settings: a reload then leads to the door of the call.
  }
}

/** The call this tab was in when it was reloaded. A tab that was opened or copied was in none. */
export function keptCall(): Kept | null {
  const [page] = performance.getEntriesByType("navigation");
  if (!(page instanceof PerformanceNavigationTiming) || page.type !== "reload") return null;
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

function isKept(kept: unknown): kept is Kept {
  return (
    typeof kept === "object" &&
    kept !== null &&
    "space" in kept &&
    typeof kept.space === "string" &&
    "call" in kept &&
    typeof kept.call === "string" &&
    "microphone" in kept &&
    typeof kept.microphone === "boolean" &&
    "camera" in kept &&
    typeof kept.camera === "boolean"
  );
}
