import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type { OwnPassword, PasswordChange, ResetView } from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { queries } from "#/core/queries";
import { stillSignedIn } from "#/core/session/session";
import { peopleKeys } from "../keys";

/** Since when one has one's password, and whether a link for another one waits. */
export function useOwnPassword(): UseQueryResult<OwnPassword> {
  return useQuery(
    { queryKey: peopleKeys.password, queryFn: () => take(api.GET("/api/me/password")), staleTime: 60_000 },
    queries,
  );
}

const renew = (): Promise<void> => queries.invalidateQueries({ queryKey: peopleKeys.password });

// An administrator made a link, or gave or took an office: the page is another at once.
const moved = (): void => {
  void renew();
  void stillSignedIn();
};
keeper.onEvent(({ e }) => {
  if (e.type === "people.account.moved") moved();
});
keeper.onRenewed((stream) => {
  if (stream === keeper.house.get()?.me) moved();
});

export async function changePassword(change: PasswordChange): Promise<void> {
  await take(api.POST("/api/me/password", { body: change }));
  await renew();
}

/** Ends a link that one did not ask for. */
export async function withdrawReset(): Promise<void> {
  await take(api.DELETE("/api/me/reset"));
  await renew();
}

/** What a link for another password says, for whoever holds it. */
export function useReset(token: string): UseQueryResult<ResetView> {
  return useQuery(
    {
      queryKey: ["reset", token],
      queryFn: () => take(api.POST("/api/reset/look", { body: { token } })),
      enabled: token !== "",
      retry: false,
      staleTime: Number.POSITIVE_INFINITY,
    },
    queries,
  );
}
