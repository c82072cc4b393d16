import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type { GuestBook, GuestStay, Invited, Issued, NewGuest } from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { queries } from "#/core/queries";

const BOOKS = ["guests", "books"] as const;
const STAYS = ["guests", "stays"] as const;

// A guest who came or went is in the list at once; what another manager does with invitations is seen when one looks again.
keeper.onEvent(({ s, e }) => {
  if (e.type.startsWith("spaces.member.")) void queries.invalidateQueries({ queryKey: [...BOOKS, s] });
  if (e.type === "spaces.space.gained" || e.type === "spaces.space.lost") {
    void queries.invalidateQueries({ queryKey: STAYS });
  }
});

/** What an invitation says, for whoever holds its link. */
export function useInvited(token: string): UseQueryResult<Invited> {
  return useQuery(
    {
      queryKey: ["invitation", token],
      queryFn: () => take(api.POST("/api/invitation/look", { body: { token } })),
      enabled: token !== "",
      retry: false,
      staleTime: Number.POSITIVE_INFINITY,
    },
    queries,
  );
}

/** A space's guests and the invitations that wait, for its managers. */
export function useGuestBook(space: string): UseQueryResult<GuestBook> {
  return useQuery(
    {
      queryKey: [...BOOKS, space],
      queryFn: ({ signal }) =>
        take(api.GET("/api/spaces/{space_id}/guests", { params: { path: { space_id: space } }, signal })),
    },
    queries,
  );
}

/** Where one is a guest, until when. */
export function useOwnStays(enabled: boolean): readonly GuestStay[] {
  const { data } = useQuery(
    {
      queryKey: STAYS,
      queryFn: ({ signal }) => take(api.GET("/api/me/stays", { signal })),
      refetchOnWindowFocus: true,
      enabled,
    },
    queries,
  );
  return data ?? [];
}

async function renewed<Done>(space: string, done: Promise<Done>): Promise<Done> {
  const given = await done;
  await queries.invalidateQueries({ queryKey: [...BOOKS, space] });
  return given;
}

export const inviteGuest = (space: string, body: NewGuest): Promise<Issued> =>
  renewed(
    space,
    take(api.POST("/api/spaces/{space_id}/guests", { params: { path: { space_id: space } }, body })),
  );

const invitation = (space: string, id: string) => ({
  params: { path: { space_id: space, invitation_id: id } },
});

export const renewInvitation = (space: string, id: string): Promise<Issued> =>
  renewed(
    space,
    take(api.POST("/api/spaces/{space_id}/guests/invitations/{invitation_id}/renew", invitation(space, id))),
  );

export const revokeInvitation = (space: string, id: string): Promise<unknown> =>
  renewed(
    space,
    take(api.DELETE("/api/spaces/{space_id}/guests/invitations/{invitation_id}", invitation(space, id))),
  );

export const prolongStay = (space: string, person: string, endsOn: string): Promise<unknown> =>
  renewed(
    space,
    take(
      api.PATCH("/api/spaces/{space_id}/guests/{person_id}", {
        params: { path: { space_id: space, person_id: person } },
        body: { ends_on: endsOn },
      }),
    ),
  );
