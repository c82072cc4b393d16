import type { ReactElement, ReactNode } from "react";
import { ProblemError } from "#/core/api/errors";
import type { Label } from "#/core/api/schema";
import { type Act, Told } from "./refusal/Told";
import type { Offers } from "./refusal/ways";
import { verdictOf } from "./refusals";
import type { SpaceRow } from "./spaces";

/** A refusal by a rule of the house, in words; `fallback` for anything else that went wrong. */
export function RefusedBy({
  error,
  label,
  fallback,
  act,
  row = null,
  name,
  offers = {},
}: {
  error: Error;
  label: Label;
  fallback: ReactNode;
  act?: Act;
  row?: SpaceRow | null;
  /** Whom it is about; null for one of several. */
  name?: string | null;
  offers?: Offers;
}): ReactElement {
  const verdict = error instanceof ProblemError ? verdictOf(error.details) : null;
  if (!verdict) return <>{fallback}</>;
  return <Told verdict={verdict} label={label} act={act} row={row} name={name} offers={offers} recorded />;
}
