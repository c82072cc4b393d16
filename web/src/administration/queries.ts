import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type {
  ImportDone,
  ImportPreview,
  InvitationBook,
  Issued,
  Label,
  NewInvitation,
  Office,
  OrphanSpace,
  PeopleBook,
  PersonCard,
  ResetIssued,
  SpaceBook,
} from "#/core/api/schema";
import { upload } from "#/core/api/upload";
import { queries } from "#/core/queries";

const PEOPLE = ["administration", "people"] as const;
const INVITATIONS = ["administration", "invitations"] as const;
const ORPHANS = ["administration", "orphans"] as const;
const SPACES = ["administration", "spaces"] as const;
const PAGE = 100;

export type SoughtPeople = {
  readonly kind?: "agent" | "guest" | "";
  readonly office?: Office | "";
  readonly account?: "active" | "suspended" | "";
};
export type SoughtSpaces = {
  readonly kind?: "team" | "community" | "";
  readonly label?: Label | "";
  readonly managed?: "managed" | "unmanaged" | "";
};

/** What is looked for, without what is not. */
const said = <Sought extends object>(sought: Sought): { [Key in keyof Sought]: Exclude<Sought[Key], ""> } =>
  Object.fromEntries(Object.entries(sought).filter(([, value]) => value)) as never;

/** The organisation's agents and guests by name, page after page. */
export function usePeopleBook(
  search: string,
  sought: SoughtPeople,
): UseInfiniteQueryResult<readonly PeopleBook[]> {
  const q = search.trim();
  return useInfiniteQuery(
    {
      queryKey: [...PEOPLE, q, sought],
      initialPageParam: "",
      queryFn: ({ signal, pageParam }) =>
        take(
          api.GET("/api/administration/people", {
            params: { query: { q, limit: PAGE, ...said(sought), ...(pageParam && { after: pageParam }) } },
            signal,
          }),
        ),
      getNextPageParam: ({ people }) => (people.length === PAGE ? people.at(-1)?.card.id : undefined),
      select: ({ pages }) => pages,
      placeholderData: keepPreviousData,
    },
    queries,
  );
}

/** The organisation's teams and communities, the newest first, page after page. Reading the list is itself recorded. */
export function useSpaceBook(sought: SoughtSpaces): UseInfiniteQueryResult<readonly SpaceBook[]> {
  return useInfiniteQuery(
    {
      queryKey: [...SPACES, sought],
      initialPageParam: "",
      queryFn: ({ signal, pageParam }) =>
        take(
          api.GET("/api/administration/spaces", {
            params: { query: { limit: PAGE, ...said(sought), ...(pageParam && { after: pageParam }) } },
            signal,
          }),
        ),
      getNextPageParam: ({ next }) => next ?? undefined,
      select: ({ pages }) => pages,
      placeholderData: keepPreviousData,
      refetchOnWindowFocus: false,
    },
    queries,
  );
}

/** How many people the organisation has, and how many are invited; asked for by administrators alone. */
export function usePeopleCounts(enabled: boolean): PeopleBook | undefined {
  return useQuery(
    {
      queryKey: [...PEOPLE, "counts"],
      queryFn: ({ signal }) =>
        take(api.GET("/api/administration/people", { params: { query: { limit: 1 } }, signal })),
      enabled,
    },
    queries,
  ).data;
}

/** The invitations of agents that wait. */
export function useInvitations(search: string): UseQueryResult<InvitationBook> {
  const q = search.trim();
  return useQuery(
    {
      queryKey: [...INVITATIONS, q],
      queryFn: ({ signal }) =>
        take(api.GET("/api/administration/invitations", { params: { query: { q } }, signal })),
      placeholderData: keepPreviousData,
    },
    queries,
  );
}

async function moved<Done>(done: Promise<Done>): Promise<Done> {
  const given = await done;
  await Promise.all(
    [PEOPLE, INVITATIONS, ORPHANS, SPACES].map((queryKey) => queries.invalidateQueries({ queryKey })),
  );
  return given;
}

export const inviteAgent = (body: NewInvitation): Promise<Issued> =>
  moved(take(api.POST("/api/administration/invitations", { body })));

export const renewAgent = (id: string): Promise<Issued> =>
  moved(
    take(
      api.POST("/api/administration/invitations/{invitation_id}/renew", {
        params: { path: { invitation_id: id } },
      }),
    ),
  );

export const revokeAgent = (id: string): Promise<unknown> =>
  moved(
    take(
      api.DELETE("/api/administration/invitations/{invitation_id}", {
        params: { path: { invitation_id: id } },
      }),
    ),
  );

const person = (id: string) => ({ params: { path: { person_id: id } } });

/** Ends all that somebody has open, and lets them in no more. */
export const suspendPerson = (id: string): Promise<unknown> =>
  moved(take(api.POST("/api/administration/people/{person_id}/suspend", person(id))));

export const restorePerson = (id: string): Promise<unknown> =>
  moved(take(api.POST("/api/administration/people/{person_id}/restore", person(id))));

/** A link by which somebody chooses another password, told this once. */
export const resetPassword = (id: string): Promise<ResetIssued> =>
  take(api.POST("/api/administration/people/{person_id}/reset", person(id)));

export const setAdministrator = (id: string, administrator: boolean): Promise<unknown> =>
  moved(
    take(
      administrator
        ? api.PUT("/api/administration/people/{person_id}/administrator", person(id))
        : api.DELETE("/api/administration/people/{person_id}/administrator", person(id)),
    ),
  );

export const setOfficer = (id: string, officer: boolean): Promise<unknown> =>
  moved(
    take(
      officer
        ? api.PUT("/api/administration/people/{person_id}/officer", person(id))
        : api.DELETE("/api/administration/people/{person_id}/officer", person(id)),
    ),
  );

/** The spaces of the organisation that nobody can manage any more. */
export function useOrphans(): readonly OrphanSpace[] {
  const { data } = useQuery(
    {
      queryKey: ORPHANS,
      queryFn: ({ signal }) => take(api.GET("/api/administration/orphans", { signal })),
      refetchOnMount: "always",
    },
    queries,
  );
  return data ?? [];
}

export const appointManager = (space: string, who: string): Promise<unknown> =>
  moved(
    take(
      api.POST("/api/administration/orphans/{space_id}/manager", {
        params: { path: { space_id: space } },
        body: { person_id: who },
      }),
    ),
  );

export const previewImport = (file: Blob): Promise<ImportPreview> =>
  upload<ImportPreview>({ method: "POST", url: "/api/administration/import/preview", body: file });

export const importAgents = (file: Blob): Promise<ImportDone> =>
  moved(upload<ImportDone>({ method: "POST", url: "/api/administration/import", body: file }));

/** Agents of one's own service. */
export function useColleagues(enabled: boolean): readonly PersonCard[] | undefined {
  return useQuery(
    {
      queryKey: ["people", "colleagues"],
      queryFn: ({ signal }) => take(api.GET("/api/me/colleagues", { signal })),
      enabled,
    },
    queries,
  ).data;
}
