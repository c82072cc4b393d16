import { readPreference, writePreference } from "#/core/preferences/stored";

/*
 * What was written and not sent, by channel: kept on this device for this person, and gone when they sign out. A session
 * that merely ends (it grew old) keeps it, so that nothing typed is lost.
 */

type Drafts = { readonly [channel: string]: string };
type Owner = { readonly person: string; readonly drafts: Drafts };

const KEY = "drafts";

function read(person: string): Drafts {
  const text = readPreference(KEY);
  if (!text) return {};
  try {
    const kept: unknown = JSON.parse(text);
    return isOwner(kept) && kept.person === person ? kept.drafts : {};
  } catch {
    // Somebody else wrote there, or half of it: it is worth nothing.
    return {};
  }
}

function isOwner(kept: unknown): kept is Owner {
  return typeof kept === "object" && kept !== null && "person" in kept && "drafts" in kept;
}

/** What was written in a channel and not sent. */
export function draftOf(person: string, channel: string): string {
  return read(person)[channel] ?? "";
}

/** Keeps what is written in a channel; nothing forgets it. Somebody else's drafts on this device go with it. */
export function keepDraft(person: string, channel: string, text: string): void {
  const { [channel]: _, ...rest } = read(person);
  const drafts = text === "" ? rest : { ...rest, [channel]: text };
  writePreference(KEY, Object.keys(drafts).length === 0 ? null : JSON.stringify({ person, drafts }));
}

/** Forgets all of them: the person signed out. */
export function forgetDrafts(): void {
  writePreference(KEY, null);
}
