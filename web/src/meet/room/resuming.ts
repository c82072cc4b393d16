import type { Room } from "livekit-client";
import { api, take } from "#/core/api/client";
import { ProblemError } from "#/core/api/errors";
import { enterCall } from "../queries";

/** While voices flow without it, the signalling is given this long to come back; then all of it is made anew. */
const RESUME_MS = 60_000;
const PAUSES_MS = [0, 200, 400, 700, 1_000];
const CHANCE_MS = 100;
/** How often it is asked what stands in the way of the signalling. */
const LOOK_MS = 300;
/** With both servers there, the signalling is back within this; else the media server has forgotten us. */
const RESUMES_WITHIN_MS = 1_200;

/** Whether voices flow, whatever the signalling does. */
const carries = (room: Room): boolean =>
  room.engine?.pcManager?.publisher.getConnectionState() === "connected";

/**
 * How long until the signalling is tried again, in milliseconds; null to begin anew, as when nothing flows that could be
 * lost. A little chance keeps a crowd apart.
 */
export function resumePause(room: Room, retryCount: number, elapsedMs: number): number | null {
  if (elapsedMs > RESUME_MS || !carries(room)) return null;
  const pause = PAUSES_MS[Math.min(retryCount, PAUSES_MS.length - 1)] ?? 0;
  return pause + Math.random() * CHANCE_MS;
}

/** The call that lives in a space now; null for none. */
export async function livingCall(space: string): Promise<string | null> {
  try {
    const path = { space_id: space };
    return (await take(api.GET("/api/spaces/{space_id}/call", { params: { path } }))).id;
  } catch (error) {
    if (error instanceof ProblemError && error.details.status === 404) return null;
    throw error;
  }
}

/**
 * The signalling broke: whether to begin anew. When it is our own server that is away, voices flow on and the library
 * comes back to them by itself. When it is the media server, nothing is left to come back to, which the library finds
 * out last of all.
 *
 * `waits` says whether one still waits for the signalling.
 */
export async function mustBeginAnew(
  room: Room,
  space: string,
  call: string | null,
  waits: () => boolean,
): Promise<boolean> {
  let back = false;
  room.engine.once("signalResumed", () => {
    back = true;
  });
  let bothSince: number | null = null;
  while (waits() && !back) {
    try {
      const engine = await take(api.GET("/api/calls/engine"));
      if (engine.state !== "ready" || (await livingCall(space)) !== call) break;
      // A ticket is only given when the media server answers.
      await enterCall(space);
      bothSince ??= performance.now();
      if (performance.now() - bothSince > RESUMES_WITHIN_MS) break;
    } catch (error) {
      // A refusal tells as much as an answer; silence, or a proxy's word for it, means that our server is away.
      if (error instanceof ProblemError && !error.code.startsWith("http-")) break;
      bothSince = null;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return waits() && !back;
}
