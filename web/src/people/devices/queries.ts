import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type { OwnSession } from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { queries } from "#/core/queries";
import { peopleKeys } from "../keys";

/** Where one is signed in, this window's session first. */
export function useOwnSessions(): UseQueryResult<OwnSession[]> {
  return useQuery(
    { queryKey: peopleKeys.sessions, queryFn: () => take(api.GET("/api/me/sessions")), staleTime: 0 },
    queries,
  );
}

const renew = (): Promise<void> => queries.invalidateQueries({ queryKey: peopleKeys.sessions });

keeper.onFleeting(({ e }) => {
  if (e.type === "people.sessions.moved") void renew();
});
// What happened while the line was down is not told again.
keeper.onRenewed((stream) => {
  if (stream === keeper.house.get()?.me) void renew();
});

/** Ends one of one's sessions, with all that it has open. */
export async function endSession(id: string): Promise<void> {
  await take(api.DELETE("/api/me/sessions/{session_id}", { params: { path: { session_id: id } } }));
  await renew();
}

/** Ends all of one's sessions but this window's. */
export async function endOtherSessions(): Promise<void> {
  await take(api.DELETE("/api/me/sessions"));
  await renew();
}
