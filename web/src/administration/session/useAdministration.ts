import { useEffect, useState } from "react";
import { stillSignedIn } from "#/core/session/session";
import { useMe } from "#/core/session/useMe";

const MINUTE = 60_000;
const LOOK_MS = 10_000;

/** Whether this window is in administration, and for how many whole minutes still; asked anew when its time is over. */
export function useAdministration(): { readonly inside: boolean; readonly minutes: number } {
  const until = useMe().administration_until;
  const end = until === null ? 0 : Date.parse(until);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (end === 0) return;
    const look = (): void => {
      setNow(Date.now());
      // The server's clock decides; this one may run ahead of it.
      if (Date.now() >= end) void stillSignedIn();
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [end]);
  return { inside: end > 0, minutes: Math.max(0, Math.ceil((end - now) / MINUTE)) };
}
