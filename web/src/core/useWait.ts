import { useEffect, useState } from "react";
import { ProblemError } from "#/core/api/errors";

/** Until when each refusal asks to wait, from the moment it came. */
const until = new WeakMap<ProblemError, number>();

/** The seconds that a refusal asks to wait yet; 0 for none. */
export function waitOf(error: unknown, now: number): number {
  if (!(error instanceof ProblemError) || !error.details.retry_after_s) return 0;
  let end = until.get(error);
  if (end === undefined) {
    end = now + error.details.retry_after_s * 1000;
    until.set(error, end);
  }
  return Math.max(0, Math.ceil((end - now) / 1000));
}

/** Whether a refusal is one that only asks for patience. */
export const tooMany = (error: unknown): boolean =>
  error instanceof ProblemError && error.code === "too-many";

/** The same, counted down as long as it is shown. */
export function useWait(error: unknown): number {
  const [now, setNow] = useState(() => Date.now());
  const left = waitOf(error, Math.max(now, Date.now()));
  const waits = left > 0;
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [waits]);
  return left;
}
