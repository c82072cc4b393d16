import { useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type { PersonCard } from "#/core/api/schema";
import { queries } from "#/core/queries";
import { useMe } from "#/core/session/useMe";
import { usePeople } from "#/people/usePerson";
import { useMembers } from "../queries";

const NOBODY: readonly PersonCard[] = [];

/** The security officers, those of one's own organisation first. */
export function useOfficers(): readonly PersonCard[] {
  const { data } = useQuery(
    {
      queryKey: ["officers"],
      queryFn: ({ signal }) => take(api.GET("/api/rule/officers", { signal })),
      staleTime: 60_000,
    },
    queries,
  );
  return data ?? NOBODY;
}

/** Who manages a space, oneself left out. */
export function useManagers(space: string): readonly PersonCard[] {
  const { id } = useMe().profile.card;
  const { list } = useMembers(space);
  return usePeople(
    (list?.members ?? [])
      .filter(({ role, person_id }) => role === "manager" && person_id !== id)
      .map(({ person_id }) => person_id),
  );
}
