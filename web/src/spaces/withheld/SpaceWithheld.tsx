import type { ReactElement } from "react";
import type { SpaceRow } from "../spaces";
import { NotHeld } from "./NotHeld";
import { StrongSignIn } from "./StrongSignIn";
import type { Withholding } from "./withheld";

/** The panel that stands in a space in the place of what its rule keeps closed: one for each rule that can. */
export function SpaceWithheld({
  row,
  withholding,
}: {
  row: SpaceRow;
  withholding: Withholding;
}): ReactElement | null {
  switch (withholding.rule) {
    case "strong-sign-in":
      return <StrongSignIn row={row} />;
    default:
      return <NotHeld row={row} />;
  }
}
