import { useHouse } from "#/core/journal/live";
import { unreadOf } from "./spaces";

/** How many messages wait, in all spaces. */
export function useUnread(): number {
  return useHouse((house) => Object.values(house.channels).reduce((sum, own) => sum + unreadOf(own), 0));
}
