import { useCallback } from "react";
import { useStore } from "#/core/store";
import { connection, fresher } from "./live";

export type ConnectionState =
  /** Everything that happens is told at once. */
  | "open"
  /** The first attempt, or a moment without a line that nobody has to know of. */
  | "opening"
  /** The browser says that there is no network. */
  | "offline"
  /** The server does not answer; attempts go on. */
  | "unreachable"
  /** This window is too old for the server: only opening the page again helps. */
  | "outdated";

export type ConnectionView = {
  readonly state: ConnectionState;
  /** Since when nothing is told, in milliseconds since 1970; null while it is. */
  readonly since: number | null;
  /** Whether the server has another build of the window than this one: the page may be opened again when it suits. */
  readonly fresher: boolean;
  /** Tries at once. */
  readonly retry: () => void;
};

/** How the window's line to the server is. */
export function useConnection(): ConnectionView {
  const { phase, lostAt, online } = useStore(connection.line, (line) => line);
  const newer = useStore(fresher, (now) => now);
  const retry = useCallback(() => connection.retry(), []);
  return { state: stateOf(phase, lostAt, online), since: lostAt, fresher: newer, retry };
}

function stateOf(
  phase: ReturnType<typeof connection.line.get>["phase"],
  lostAt: number | null,
  online: boolean,
): ConnectionState {
  if (phase === "open" || phase === "outdated") return phase;
  if (lostAt === null) return "opening";
  return online ? "unreachable" : "offline";
}
