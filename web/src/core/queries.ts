import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "./api/errors";
import { whenLeft } from "./session/session";

/**
 * What was asked for and is kept. Events keep the lists of a space true while the socket is open, and what was missed is
 * asked for anew, so nothing grows old by the clock.
 */
export const queries = new QueryClient({
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
