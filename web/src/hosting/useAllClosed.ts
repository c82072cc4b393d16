import { useHouse } from "#/core/journal/live";

/** Why every space of the instance is closed; null while some label is not. */
export function useAllClosed(): string | null {
  // No label is stricter than one that is less strict: where public is closed, all are.
  return useHouse(({ holdings }) => (holdings.public?.state === "closed" ? holdings.public.reason : null));
}
