import { api, take } from "#/core/api/client";
import { ProblemError } from "#/core/api/errors";
import type { Me } from "#/core/api/schema";
import { moved } from "./session";

/** How somebody is asked to enter administration; whether they did. */
type Asking = () => Promise<boolean>;

let ask: Asking | null = null;
let asked: Promise<boolean> | null = null;

/** Who asks, in the window that is open; gives back what stops it. */
export function whoAsks(asking: Asking): () => void {
  ask = asking;
  return () => {
    if (ask === asking) ask = null;
  };
}

/** Asks to enter administration: once, however many things wait for it. */
export function enterAdministration(): Promise<boolean> {
  asked ??= (ask?.() ?? Promise.resolve(false)).finally(() => {
    asked = null;
  });
  return asked;
}

const isClosed = (error: unknown): boolean =>
  error instanceof ProblemError && error.code === "refused" && error.details.rule === "administration";

/** Does something; where it is only done in administration, asks to enter it first, and then does it again as it was. */
export async function inAdministration<Done>(act: () => Promise<Done>): Promise<Done> {
  try {
    return await act();
  } catch (error) {
    if (!isClosed(error) || !(await enterAdministration())) throw error;
    return act();
  }
}

/** Opens administration for this session, whose person has just proved who they are. */
export const openAdministration = async (): Promise<Me> =>
  moved(await take(api.POST("/api/administration/session")));

/** Ends it before its time. */
export const closeAdministration = async (): Promise<Me> =>
  moved(await take(api.DELETE("/api/administration/session")));
