import { type Lasting, readPreference, writePreference } from "#/core/preferences/stored";

/*
 * What was written and not sent, by channel: kept for this person, and gone when they sign out. A session that merely
 * ends (it grew old) keeps it, so that nothing typed is lost. On this device, or only as long as this tab: what is
 * above internal is not left lying on a disk.
 */

type Drafts = { readonly [channel: string]: string };
type Owner = { readonly person: string; readonly drafts: Drafts };

const KEY = "drafts";
const EVERYWHERE = ["device", "tab"] as const satisfies readonly Lasting[];

function read(person: string, where: Lasting): Drafts {
  const text = readPreference(KEY, where);
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
  return read(person, "tab")[channel] ?? read(person, "device")[channel] ?? "";
}

/**
 * Keeps what is written in a channel, for as long as `where` lasts and nowhere else; nothing forgets it. Somebody else's
 * drafts go with it.
 */
export function keepDraft(person: string, channel: string, text: string, where: Lasting): void {
  for (const one of EVERYWHERE) {
    const { [channel]: _, ...rest } = read(person, one);
    const drafts = text === "" || one !== where ? rest : { ...rest, [channel]: text };
    const value = Object.keys(drafts).length === 0 ? null : JSON.stringify({ person, drafts });
    writePreference(KEY, value, one);
  }
}

// Another tab's drafts are its own: it is told when the person has signed out in this one.
const tabs = new BroadcastChannel("bastide.drafts");
tabs.addEventListener("message", () => writePreference(KEY, null, "tab"));

/** Forgets all of them, in every tab: the person signed out. */
export function forgetDrafts(): void {
  for (const one of EVERYWHERE) writePreference(KEY, null, one);
  tabs.postMessage("forget");
}
