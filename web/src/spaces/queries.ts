import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, take } from "#/core/api/client";
import type {
  Action,
  CommunityCard,
  MembersAdded,
  MemberView,
  NewSpace,
  OwnSpace,
  Role,
  SpaceChange,
} from "#/core/api/schema";
import { along } from "#/core/journal/along";
import { type HeldSpace, withoutSpace } from "#/core/journal/house";
import { keeper, useHouse } from "#/core/journal/live";
import { queries } from "#/core/queries";
import { useAct } from "#/core/useAct";
import { spacesKeys } from "./keys";
import { heardInMembers, type MemberList, withMore } from "./members";

const PAGE = 100;

/** A space with what one is and may do in it; null when one is not in it. */
export function useOwnSpace(space: string): HeldSpace | null {
  return useHouse((house) => house.spaces[space] ?? null);
}

/** Whether one may do something in a space; what is not allowed is not offered. */
export function useMay(space: string, action: Action): boolean {
  return useHouse((house) => house.spaces[space]?.abilities.includes(action) ?? false);
}

// Members.

type Asked = { readonly space: string; readonly search: string };

async function ask({ space, search }: Asked, after?: MemberList["members"][number]): Promise<MemberList> {
  const query = {
    limit: PAGE,
    ...(search && { q: search }),
    ...(after && {
      after_role: after.role,
      after_at: after.joined_at,
      after_person: after.person_id,
    }),
  };
  const path = { space_id: space };
  const members = await take(api.GET("/api/spaces/{space_id}/members", { params: { path, query } }));
  // Searching gives the best ones, not pages.
  return { members, more: search === "" && members.length === PAGE };
}

function members(asked: Asked, after?: MemberList["members"][number]): Promise<MemberList> {
  return along(
    keeper,
    () => ask(asked, after),
    (list, frame) => (asked.search ? list : heardInMembers(list, frame, asked.space)),
  );
}

async function loadMore(space: string): Promise<void> {
  const key = spacesKeys.membersFound(space, "");
  const list = queries.getQueryData<MemberList>(key);
  const last = list?.members.at(-1);
  if (!list?.more || !last) return;
  const page = await members({ space, search: "" }, last);
  queries.setQueryData<MemberList>(key, (now) => now && withMore(now, page));
}

keeper.onEvent((frame) => {
  const { s, e } = frame;
  if (e.type.startsWith("spaces.member.")) {
    const key = spacesKeys.membersFound(s, "");
    const list = queries.getQueryData<MemberList>(key);
    if (list) queries.setQueryData(key, heardInMembers(list, frame, s));
    // Where somebody with another role stands may be on a page that is not here yet.
    const moved = e.type === "spaces.member.changed" && list?.more === true;
    void queries.invalidateQueries({
      queryKey: spacesKeys.membersOf(s),
      predicate: ({ queryKey }) => moved || queryKey[3] !== "",
    });
  }
  if (e.type === "spaces.space.lost") queries.removeQueries({ queryKey: spacesKeys.membersOf(e.space_id) });
  if (e.type === "spaces.space.lost" || e.type === "spaces.space.gained") {
    void queries.invalidateQueries({ queryKey: spacesKeys.communities });
  }
});

keeper.onRenewed((stream) => {
  void queries.invalidateQueries({ queryKey: spacesKeys.membersOf(stream) });
});

/** Members who cannot come in any more, and why; for whoever may put them out. */
export function useBarred(space: string, enabled: boolean): readonly MemberView[] {
  const { data } = useQuery(
    {
      queryKey: spacesKeys.membersBarred(space),
      queryFn: () =>
        take(api.GET("/api/spaces/{space_id}/members/barred", { params: { path: { space_id: space } } })),
      enabled,
    },
    queries,
  );
  return (enabled && data) || [];
}

export type Members = {
  /** Managers first, then in the order in which they came, or found by name; undefined until the first answer. */
  readonly list: MemberList | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly retry: () => void;
  readonly loadMore: () => void;
};

/** The members of a space, or those whose names begin as searched. */
export function useMembers(space: string, search = ""): Members {
  const wanted = search.trim();
  const query: UseQueryResult<MemberList> = useQuery(
    {
      queryKey: spacesKeys.membersFound(space, wanted),
      queryFn: () => members({ space, search: wanted }),
      placeholderData: (before, asked) => (asked?.queryKey[2] === space ? before : undefined),
    },
    queries,
  );
  const { mutate, isPending } = useAct(loadMore);
  const { refetch } = query;
  return {
    list: query.data,
    error: query.error,
    isPending: query.isPending,
    retry: useCallback(() => void refetch(), [refetch]),
    loadMore: useCallback(() => {
      if (!isPending && wanted === "") mutate(space);
    }, [mutate, isPending, wanted, space]),
  };
}

/** Communities that one may join or has joined. */
export function useCommunities(search = ""): UseQueryResult<CommunityCard[]> {
  const q = search.trim();
  return useQuery(
    {
      queryKey: spacesKeys.communitiesFound(q),
      queryFn: () => take(api.GET("/api/communities", { params: { query: { q } } })),
      placeholderData: keepPreviousData,
      // Communities that one is not in tell nothing of themselves.
      staleTime: 30_000,
    },
    queries,
  );
}

// What one does with spaces. Each is done when the window shows it.

async function gained(own: OwnSpace): Promise<string> {
  await keeper.gain(own.space.id);
  return own.space.id;
}

/** Makes a team or a community; gives its id. */
export const createSpace = async (space: NewSpace): Promise<string> =>
  gained(await take(api.POST("/api/spaces", { body: space })));

/** The direct with exactly these people, made when there is none; gives its id. */
export const openDirect = async (people: readonly string[]): Promise<string> =>
  gained(await take(api.POST("/api/directs", { body: { people: [...people] } })));

/** Comes into a community; gives its id. */
export const joinSpace = async (space: string): Promise<string> =>
  gained(await take(api.POST("/api/spaces/{space_id}/join", { params: { path: { space_id: space } } })));

export const changeSpace = (space: string, change: SpaceChange): Promise<OwnSpace> =>
  take(api.PATCH("/api/spaces/{space_id}", { params: { path: { space_id: space } }, body: change }));

/** Lets people in; who is in already stays as they are. Of several, whom a rule keeps out is told. */
export const addMembers = (space: string, people: readonly string[], role: Role): Promise<MembersAdded> =>
  take(
    api.POST("/api/spaces/{space_id}/members", {
      params: { path: { space_id: space } },
      body: { people: [...people], role },
    }),
  );

const member = (space: string, person: string) => ({
  params: { path: { space_id: space, person_id: person } },
});

export const changeRole = (space: string, person: string, role: Role): Promise<void> =>
  take(api.PATCH("/api/spaces/{space_id}/members/{person_id}", { ...member(space, person), body: { role } }));

export const removeMember = (space: string, person: string): Promise<void> =>
  take(api.DELETE("/api/spaces/{space_id}/members/{person_id}", member(space, person)));

/** Leaves a space. */
export async function leaveSpace(space: string): Promise<void> {
  const me = keeper.house.get()?.me;
  if (me === undefined) return;
  await removeMember(space, me);
  keeper.assume((house) => withoutSpace(house, space));
}
