import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type { GuestBook, GuestStay, Invited, Issued, NewGuest } from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { queries } from "#/core/queries";

const BOOKS = ["guests", "books"] as const;
const STAYS = ["guests", "stays"] as const;

// A guest who came or went, and what another manager did with invitations, is in the list at once.
keeper.onEvent(({ s, e }) => {
  if (e.type.startsWith("spaces.member.") || e.type === "spaces.guests.moved") {
    void queries.invalidateQueries({ queryKey: [...BOOKS, s] });
  }
  if (e.type === "spaces.space.gained" || e.type === "spaces.space.lost" || e.type === "spaces.stay.moved") {
    void queries.invalidateQueries({ queryKey: STAYS });
  }
});

keeper.onRenewed((stream) => {
  void queries.invalidateQueries({ queryKey: [...BOOKS, stream] });
  void queries.invalidateQueries({ queryKey: STAYS });
});

/** The longest that a timer takes, so that it does not fire at once instead. */
const TIMER_MOST_MS = 2 ** 31 - 1;

/** In how long the next link of a book runs out, in milliseconds; false where none does. */
export function runsOutIn(book: GuestBook, now: number): number | false {
  const ends = book.invitations.filter(({ over }) => !over).map(({ expires_at }) => Date.parse(expires_at));
  if (ends.length === 0) return false;
  // A clock that is ahead of the server's asks again, and not without pause.
  return Math.min(Math.max(Math.min(...ends) - now, 0) + 1000, TIMER_MOST_MS);
}

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
      refetchInterval: ({ state }) => (state.data ? runsOutIn(state.data, Date.now()) : false),
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
