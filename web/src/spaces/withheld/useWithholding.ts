import { useRef } from "react";
import { useMe } from "#/core/session/useMe";
import type { SpaceRow } from "../spaces";
import { readsAnything, type Withholding, withholdingOf } from "./withheld";

/**
 * What keeps the content of the open space from its member, or null. Between the moment when one may read again and the
 * moment when what one reads is there, it stays as it was: nothing flashes by, and nobody is led elsewhere meanwhile.
 */
export function useWithholding(row: SpaceRow | null): Withholding | null {
  const me = useMe();
  const last = useRef<Withholding | null>(null);
  const now = row ? withholdingOf(row.own, me, row.holding) : null;
  if (now || !row || readsAnything(row.own)) last.current = now;
  return last.current;
}
