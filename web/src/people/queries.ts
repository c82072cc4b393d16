import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type { PersonCard, Profile, ProfileChange } from "#/core/api/schema";
import { upload } from "#/core/api/upload";
import { keeper } from "#/core/journal/live";
import { queries } from "#/core/queries";
import { setProfile } from "#/core/session/session";
import { peopleKeys } from "./keys";

// Nothing tells when people change their profiles: what is older than this is asked for again.
const FRESH_MS = 60_000;

/** The server gives no more at once. */
export const DIRECTORY_MOST = 50;

/** Agents whose name, function, service or address begin as searched; for "" some of one's own organisation. */
export function useDirectory(search: string, enabled = true): UseQueryResult<PersonCard[]> {
  const q = search.trim();
  return useQuery(
    {
      queryKey: peopleKeys.found(q),
      queryFn: async ({ signal }) => {
        const found = await take(
          api.GET("/api/people", { params: { query: { q, limit: DIRECTORY_MOST } }, signal }),
        );
        keeper.learn(found);
        return found;
      },
      placeholderData: keepPreviousData,
      staleTime: FRESH_MS,
      enabled,
    },
    queries,
  );
}

/** A person's page. */
export function useProfile(person: string): UseQueryResult<Profile> {
  return useQuery(
    {
      queryKey: peopleKeys.profile(person),
      queryFn: async () => {
        const path = { person_id: person };
        const profile = await take(api.GET("/api/people/{person_id}", { params: { path } }));
        keeper.learn([profile.card]);
        return profile;
      },
      staleTime: FRESH_MS,
    },
    queries,
  );
}

/** What one changed of oneself shows everywhere in this window. */
function changed(profile: Profile): Profile {
  setProfile(profile);
  keeper.learn([profile.card]);
  queries.setQueryData(peopleKeys.profile(profile.card.id), profile);
  return profile;
}

export const changeProfile = async (change: ProfileChange): Promise<Profile> =>
  changed(await take(api.PATCH("/api/me", { body: change })));

/** Puts on a picture: a JPEG, PNG or WebP. */
export const setPicture = async (picture: Blob, onProgress?: (sent: number) => void): Promise<Profile> =>
  changed(
    await upload<Profile>({
      method: "PUT",
      url: "/api/me/picture",
      body: picture,
      ...(onProgress && { onProgress }),
    }),
  );

export const removePicture = async (): Promise<Profile> => changed(await take(api.DELETE("/api/me/picture")));
