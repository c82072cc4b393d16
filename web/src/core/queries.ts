import { type InvalidateOptions, type InvalidateQueryFilters, QueryClient } from "@tanstack/react-query";
import { ProblemError } from "./api/errors";
import { whenLeft } from "./session/session";

/** A query client that does not lose what moves while something is being asked for the first time. */
class Client extends QueryClient {
  /** Of what has no data yet, the library lets the answer that is on its way pass for a fresh one. */
  override async invalidateQueries(
    filters: InvalidateQueryFilters = {},
    options: InvalidateOptions = {},
  ): Promise<void> {
    const first = this.getQueryCache()
      .findAll(filters)
      .filter(({ state }) => state.data === undefined && state.fetchStatus === "fetching");
    const again = first.map(async ({ promise, queryKey }) => {
      await promise?.catch(() => undefined);
      await super.invalidateQueries({ ...filters, queryKey, exact: true }, options);
    });
    await Promise.all([super.invalidateQueries(filters, options), ...again]);
  }
}

/**
 * What was asked for and is kept. Events keep the lists of a space true while the socket is open, and what was missed is
 * asked for anew, so nothing grows old by the clock.
 */
export const queries: QueryClient = new Client({
  defaultOptions: {
    queries: {
      // What the server refuses it would refuse again; what it did not hear is worth saying twice.
      retry: (failures, error) => !(error instanceof ProblemError) && failures < 2,
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      // A server on this very machine answers without a network.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

whenLeft(() => queries.clear());
