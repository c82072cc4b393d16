import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type { Me, OwnPasskeys } from "#/core/api/schema";
import { makeKey, proveKey } from "#/core/passkeys/ceremony";
import { queries } from "#/core/queries";
import { moved, stillSignedIn } from "#/core/session/session";
import { peopleKeys } from "../keys";

/** One's own passkeys and how many recovery codes are left. */
export function usePasskeys(): UseQueryResult<OwnPasskeys> {
  return useQuery(
    // Another device of one's own may have changed them.
    { queryKey: peopleKeys.passkeys, queryFn: () => take(api.GET("/api/me/passkeys")), staleTime: 0 },
    queries,
  );
}

const renew = (): Promise<void> => queries.invalidateQueries({ queryKey: peopleKeys.passkeys });

/** Makes a passkey and keeps it; the session is strong from then on. `nameOf` calls it, by how it is reached. */
export async function addPasskey(nameOf: (transports: readonly string[]) => string): Promise<Me> {
  const asked = await take(api.POST("/api/me/passkeys/options"));
  const made = await makeKey(asked);
  const me = moved(
    await take(api.POST("/api/me/passkeys", { body: { ...made, name: nameOf(made.transports ?? []) } })),
  );
  await renew();
  return me;
}

export async function renamePasskey({ id, name }: { id: string; name: string }): Promise<void> {
  const own = await take(
    api.PATCH("/api/me/passkeys/{passkey_id}", { params: { path: { passkey_id: id } }, body: { name } }),
  );
  queries.setQueryData(peopleKeys.passkeys, own);
}

/** Takes a passkey away; this session may be weaker for it. */
export async function removePasskey(id: string): Promise<void> {
  await take(api.DELETE("/api/me/passkeys/{passkey_id}", { params: { path: { passkey_id: id } } }));
  await Promise.all([renew(), stillSignedIn()]);
}

/** Ten fresh recovery codes, told this once. */
export async function renewCodes(): Promise<readonly string[]> {
  const { codes } = await take(api.POST("/api/me/recovery-codes"));
  await renew();
  return codes;
}

/** Proves by one of one's passkeys that it is oneself: the session is strong from then on. */
export async function confirmByPasskey(): Promise<Me> {
  const proof = await proveKey(await take(api.POST("/api/me/confirmation/passkey/options")));
  return moved(await take(api.POST("/api/me/confirmation/passkey", { body: proof })));
}

export async function confirmByPassword(password: string): Promise<void> {
  await take(api.POST("/api/me/confirmation", { body: { password } }));
}
