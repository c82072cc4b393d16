import { keepPreviousData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type { AuditPage, AuditVerdict } from "#/core/api/schema";
import { queries } from "#/core/queries";
import { moment, type Sought } from "./sought";

/** The lines that are looked for, newest first, page after page. Reading them is itself recorded: they come when asked for. */
export function useAudit(sought: Sought): UseInfiniteQueryResult<readonly AuditPage[]> {
  const { action, person, space, outcome, since, until } = sought;
  return useInfiniteQuery(
    {
      queryKey: ["audit", sought],
      initialPageParam: 0,
      queryFn: ({ signal, pageParam }) =>
        take(
          api.GET("/api/audit", {
            params: {
              query: {
                ...(action && { action }),
                ...(person && { person_id: person }),
                ...(space && { space_id: space }),
                ...(outcome && { outcome }),
                ...(since && { since: moment(since) }),
                ...(until && { until: moment(until, 1) }),
                ...(pageParam > 0 && { before: pageParam }),
              },
            },
            signal,
          }),
        ),
      getNextPageParam: ({ next }) => next ?? undefined,
      select: ({ pages }) => pages,
      placeholderData: keepPreviousData,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      gcTime: 0,
    },
    queries,
  );
}

/** Recomputes the whole chain; `kept` is the hash of a line that was kept elsewhere, empty for none. */
export const verifyAudit = (kept: string): Promise<AuditVerdict> =>
  take(api.POST("/api/audit/verify", { params: { query: kept ? { kept } : {} } }));
