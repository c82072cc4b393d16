import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { opensDirects } from "./possible";

/** Whether one can open a conversation with somebody now: by who one is, and by what the instance may hold today. */
export function useOpensDirects(): boolean {
  const { abilities } = useMe();
  const holdings = useHouse((house) => house.holdings);
  return opensDirects(abilities, holdings);
}
