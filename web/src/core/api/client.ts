import i18next from "i18next";
import createClient, { type Middleware } from "openapi-fetch";
import { ProblemError, problemOf, Unreachable } from "./errors";
import type { paths } from "./schema";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

let csrf = "";
let onSignedOut: () => void = () => undefined;

/** What every request that writes carries, so that no other site can write in the person's name. */
export function setCsrf(token: string): void {
  csrf = token;
}

export function csrfHeader(): Record<string, string> {
  return csrf ? { "X-CSRF": csrf } : {};
}

/** Who is told when the server says that the session has ended. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

let onForged: () => void = () => undefined;

/** Who is told when the server does not take our proof that the window itself writes. */
export function whenForged(listener: () => void): void {
  onForged = listener;
}

const house: Middleware = {
  onRequest({ request }) {
    // The server's sentences come in the window's language.
    if (i18next.language) request.headers.set("Accept-Language", i18next.language);
    if (!SAFE.has(request.method) && csrf) request.headers.set("X-CSRF", csrf);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    const body: unknown = await response.json().catch(() => null);
    const details = problemOf(response.status, body);
    if (details.code === "not-signed-in") onSignedOut();
    if (details.code === "forged-request") onForged();
    throw new ProblemError(details);
  },
  onError({ error }) {
    if (error instanceof ProblemError) return error;
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return new Unreachable("", { cause: error });
  },
};

/** The API, typed from the server's own description. Every call throws ProblemError or Unreachable. */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
api.use(house);

/** The body of an answer: `const me = await take(api.GET("/api/session"))`. */
export async function take<T>(answer: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await answer;
  // 204 has no body: what is asked for is then nothing.
  if (data === undefined && response.status !== 204) {
    throw new ProblemError(problemOf(response.status, null));
  }
  return data as T;
}
