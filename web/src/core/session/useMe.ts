import type { Me } from "#/core/api/schema";
import { useStore } from "#/core/store";
import { session } from "./session";

/** The person signed in; only inside the pages that need a session. */
export function useMe(): Me {
  const now = useStore(session, (state) => (state.state === "in" ? state.me : last));
  if (!now) throw new Error("useMe outside of a session");
  last = now;
  return now;
}

/** While the pages of a session that has just ended are being taken down, they still show whose they were. */
let last: Me | null = null;
