import type { ReactElement } from "react";
import { MessageBones } from "#/ui/state/Skeleton";

/** Not built yet: holds the place of the page in the routes. */
export function NewSpacePage(): ReactElement {
  return <MessageBones />;
}
