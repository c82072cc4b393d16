import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useReducer } from "react";
import { api, take } from "#/core/api/client";
import { ProblemError } from "#/core/api/errors";
import type { CallEngine, CallTicket, CallView } from "#/core/api/schema";
import { keeper, useHouse } from "#/core/journal/live";
import { queries } from "#/core/queries";
import { whenLeft } from "#/core/session/session";
import { createStore, type Store, useStore } from "#/core/store";
import { meetKeys } from "./keys";
import { type Declines, ringing, ringsUntil } from "./ringing";

const declines: Store<Declines> = createStore<Declines>({});

keeper.onFleeting(({ e }) => {
  if (e.type !== "meet.call.declined") return;
  const all = declines.get();
  const before = all[e.call_id] ?? [];
  if (!before.includes(e.person_id)) declines.set({ ...all, [e.call_id]: [...before, e.person_id] });
});

keeper.onEvent(({ e }) => {
  if (e.type !== "meet.call.ended") return;
  const { [e.call_id]: _, ...rest } = declines.get();
  declines.set(rest);
});

whenLeft(() => declines.set({}));

/** The call that lives in a space; null when there is none. */
export function useCall(space: string): CallView | null {
  return useHouse((house) => house.calls[space] ?? null);
}

const NOBODY: readonly string[] = [];

/** Who said that they will not come to a call. */
export function useDeclines(call: string): readonly string[] {
  return useStore(declines, (all) => all[call] ?? NOBODY);
}

/** The calls that ring for this person now. */
export function useRinging(): readonly CallView[] {
  const house = useHouse((whole) => whole);
  const declined = useStore(declines, (all) => all);
  const [moment, look] = useReducer((count: number) => count + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: time passes too
  const calls = useMemo(() => ringing(house, declined, Date.now()), [house, declined, moment]);
  useEffect(() => {
    if (calls.length === 0) return;
    const ends = Math.min(...calls.map(ringsUntil));
    const timer = setTimeout(look, Math.max(0, ends - Date.now()) + 50);
    return () => clearTimeout(timer);
  }, [calls]);
  return calls;
}

/** Whether calls can be made now; asked again until they can. */
export function useCallEngine(): UseQueryResult<CallEngine> {
  return useQuery(
    {
      queryKey: meetKeys.engine,
      queryFn: () => take(api.GET("/api/calls/engine")),
      staleTime: 30_000,
      refetchInterval: ({ state }) => (state.data?.state === "ready" ? false : 5_000),
    },
    queries,
  );
}

/** A ticket into the call of a space, which begins if none lives there. Good for a minute, for this device. */
export async function enterCall(space: string): Promise<CallTicket> {
  try {
    return await take(api.POST("/api/spaces/{space_id}/call", { params: { path: { space_id: space } } }));
  } catch (error) {
    // It may have stopped since we asked.
    if (error instanceof ProblemError && error.details.status === 503) {
      void queries.invalidateQueries({ queryKey: meetKeys.engine });
    }
    throw error;
  }
}

const path = (call: string) => ({ params: { path: { call_id: call } } });

/** Leaves a call, with this device. */
export const leaveCall = (call: string): Promise<void> =>
  take(api.DELETE("/api/calls/{call_id}/me", path(call)));

/** Says that one will not come; one's other windows stop ringing too. */
export const declineCall = (call: string): Promise<void> =>
  take(api.POST("/api/calls/{call_id}/decline", path(call)));
