import { useEffect } from "react";
import { presences } from "#/core/journal/live";
import type { Presence } from "#/core/journal/presence";
import { useStore } from "#/core/store";

/** How someone is now, while the caller shows them; undefined until the server has said so, or for nobody. */
export function usePresence(person: string | undefined): Presence | undefined {
  useEffect(() => (person ? presences.watch(person) : undefined), [person]);
  return useStore(presences.states, (states) => (person ? states[person] : undefined));
}
