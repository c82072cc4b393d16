import i18next from "i18next";
import { api, setCsrf, take, whenForged, whenSignedOut } from "#/core/api/client";
import { ProblemError } from "#/core/api/errors";
import type { FirstForm, InvitationForm, Me, Profile, ResetForm } from "#/core/api/schema";
import { LANGUAGES, type Language } from "#/core/format/where";
import { proveKey } from "#/core/passkeys/ceremony";
import { speakOwn } from "#/core/preferences/language";
import { keepNothing } from "#/core/preferences/stored";
import { createStore } from "#/core/store";
import { forgetDrafts } from "./drafts";
import { saysShared } from "./machine";

/** Who is signed in on this device: not known yet, nobody, or someone. `ended`: the server ended it. */
export type Session =
  | { readonly state: "unknown" }
  | { readonly state: "out"; readonly ended: boolean }
  | { readonly state: "in"; readonly me: Me };

export const session = createStore<Session>({ state: "unknown" });

/** Windows of one browser share the cookie: what one does about the session, the others look at. */
const windows = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("bastide.session");
if (windows)
  windows.onmessage = ({ data }) => void (session.get().state === "in" && lookAgain(data === "out"));

async function lookAgain(signedOut: boolean): Promise<void> {
  // What this window laid down while the other one signed out goes as well.
  if (!(await stillSignedIn()) && signedOut) await forget();
}

/** How long a browser takes to hold the cookie of an answer that is on its way. */
const SETTLES_MS = 300;

function enter(me: Me): Me {
  const before = session.get();
  if (before.state === "in" && before.me.profile.card.id !== me.profile.card.id) {
    // Somebody else signed in in another window: nothing on this page is theirs.
    location.reload();
    return before.me;
  }
  setCsrf(me.csrf);
  keepNothing(me.shared_until !== null);
  session.set({ state: "in", me });
  return me;
}

/** Comes in, in the language of one's profile: its words are there before the pages are. */
async function enterSpeaking(me: Me): Promise<Me> {
  keepNothing(me.shared_until !== null);
  // Without its words, the window goes on in those it has.
  await speakOwn(me.locale).catch(() => undefined);
  return enter(me);
}

function leave(ended: boolean): void {
  setCsrf("");
  keepNothing(false);
  speakOwn(null).catch(() => undefined);
  session.set({ state: "out", ended });
}

/** Runs when nobody is signed in in this window any more: nothing of theirs may stay. */
export function whenLeft(run: () => void): () => void {
  let inside = session.get().state === "in";
  return session.subscribe(() => {
    const wasInside = inside;
    inside = session.get().state === "in";
    if (wasInside && !inside) run();
  });
}

/**
 * The server knew no session in one request. That may be the old cookie of one that has just become strong, in this
 * window or in another one: asked again a moment later, it knows.
 */
async function doubted(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLES_MS));
  if (session.get().state === "in") await stillSignedIn();
}

// A session that the server ended, in this window or in another one.
whenSignedOut(() => {
  if (session.get().state === "in") void doubted();
});
// A page that was open while another window signed in again holds the old proof.
whenForged(() => {
  if (session.get().state === "in") void stillSignedIn();
});

let asking: Promise<Session> | null = null;

/** Asks the server once who is signed in. Throws Unreachable when it does not answer; the next call asks again. */
export function whoAmI(): Promise<Session> {
  const now = session.get();
  if (now.state !== "unknown") return Promise.resolve(now);
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

/** The person signed in; null when nobody is, which is no error. */
const known = async (): Promise<Me | null> => (await take(api.GET("/api/session"))) ?? null;

async function ask(): Promise<Session> {
  const me = await known();
  if (me) await enterSpeaking(me);
  else leave(false);
  return session.get();
}

/** Whether the server still knows the session; for when the socket cannot be opened. */
export async function stillSignedIn(): Promise<boolean> {
  let me: Me | null;
  try {
    me = await known();
  } catch {
    // The server does not answer, or not now: that ends nothing.
    return true;
  }
  if (me) enter(me);
  else leave(true);
  return me !== null;
}

async function cameIn(answer: Me): Promise<Me> {
  const me = await enterSpeaking(answer);
  windows?.postMessage("in");
  return me;
}

export async function signIn(email: string, password: string): Promise<Me> {
  return cameIn(await take(api.POST("/api/session", { body: { email, password, ...saysShared() } })));
}

/** Signs in with a passkey of whoever holds one; `inField` only offers it in the list under a field. Throws KeyError. */
export async function signInByPasskey({ inField = false } = {}): Promise<Me> {
  const asked = await take(api.POST("/api/session/passkey/options"));
  const proof = await proveKey(asked, { inField });
  return cameIn(await take(api.POST("/api/session/passkey", { body: { ...proof, ...saysShared() } })));
}

/** Signs in with one of one's recovery codes, which is spent. */
export async function signInByCode(email: string, code: string): Promise<Me> {
  return cameIn(await take(api.POST("/api/session/recovery", { body: { email, code, ...saysShared() } })));
}

/** The session goes on under another cookie, more surely one's own. */
export function moved(me: Me): Me {
  const entered = enter(me);
  windows?.postMessage("in");
  return entered;
}

/** Takes the one-time link of an empty house: makes its organisation and its administrator, who is then signed in. */
export async function acceptFirst(form: FirstForm): Promise<Me> {
  const me = enter(await take(api.POST("/api/session/first", { body: { ...form, ...saysShared() } })));
  windows?.postMessage("in");
  // Who has just been made has chosen no language yet but that of this page.
  const language = LANGUAGES.find((one) => one === i18next.language);
  if (language && language !== me.locale) await changeLanguage(language).catch(() => undefined);
  return me;
}

/** Takes an invitation by its one-time link; who has just been made speaks the language of this page. */
export async function acceptInvitation(form: InvitationForm): Promise<Me> {
  const me = enter(await take(api.POST("/api/invitation/accept", { body: { ...form, ...saysShared() } })));
  windows?.postMessage("in");
  const language = LANGUAGES.find((one) => one === i18next.language);
  if (language && language !== me.locale) await changeLanguage(language).catch(() => undefined);
  return me;
}

/** Takes a link by which one chooses another password: one is signed in with it. */
export async function acceptReset(form: ResetForm): Promise<Me> {
  return cameIn(await take(api.POST("/api/reset/accept", { body: { ...form, ...saysShared() } })));
}

const farewells = new Set<() => Promise<unknown>>();

/** What is still to be done in the person's name before they sign out; it is waited for, and may fail. */
export function beforeSignOut(run: () => Promise<unknown>): void {
  farewells.add(run);
}

const leftovers = new Set<() => Promise<unknown>>();

/** What is to be wiped from this device when the person signs out; a session that merely ends leaves it. */
export function forgetAtSignOut(run: () => Promise<unknown>): void {
  leftovers.add(run);
}

async function forget(): Promise<void> {
  forgetDrafts();
  await Promise.allSettled([...leftovers].map((run) => run()));
}

export async function signOut(): Promise<void> {
  await Promise.allSettled([...farewells].map((run) => run()));
  try {
    await take(api.DELETE("/api/session"));
  } catch (error) {
    // Already signed out is signed out.
    if (!(error instanceof ProblemError && error.details.status === 401)) throw error;
  }
  await forget();
  leave(false);
  windows?.postMessage("out");
}

/** Another window of this browser signed in or out, or the server closed the socket for that. */
export function sessionEnded(): void {
  leave(true);
}

/** Speaks another language from now on, here and wherever one signs in. It shows before it is kept. */
export async function changeLanguage(language: Language): Promise<void> {
  await speakOwn(language);
  await take(api.PATCH("/api/me", { body: { locale: language } }));
  const now = session.get();
  if (now.state === "in") session.set({ state: "in", me: { ...now.me, locale: language } });
}

/** What one changed of one's own profile. */
export function setProfile(profile: Profile): void {
  const now = session.get();
  if (now.state === "in") session.set({ state: "in", me: { ...now.me, profile } });
}
