import { shownHost } from "./hosts";

type Link = { readonly href: string; readonly text: string; readonly until: number };
type Mail = Link & { readonly from: number };

/** The one list of what a link may begin with: nothing else becomes one, so nothing can run. */
const BEGINNINGS = ["https://", "http://", "mailto:", "www."] as const;
const STARTS = /[hmw]/iu;

const WORD = /[\p{L}\p{N}_]/u;
/** What no address holds: spaces, quotes, brackets of tags, marks that turn the direction of reading. */
const ENDS = /[\s<>"`«»“”\\\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u;
/** What ends a sentence, not an address. */
const TRAILING = new Set([".", ",", ";", ":", "!", "?", "…", "'", "’", "*", "~", "]", "}", ")"]);
const HOST = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/iu;
const HOST_LONGEST = 260;
const LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const ADDRESS = new RegExp(`^[a-z0-9.!#$%&'*+/=?_-]{1,64}@${LABEL}(?:\\.${LABEL})+`, "iu");
const LOCAL = /[a-z0-9._%+-]/iu;
const DOMAIN = /[a-z0-9.-]/iu;
const LOCAL_LONGEST = 64;
const DOMAIN_LONGEST = 253;
const LONGEST = 2048;

/**
 * Finds the addresses of a text: given a place, the one that begins there, if one does. Made once for a text; each
 * run without spaces is measured once, however many addresses seem to begin in it.
 */
export function linkFinder(text: string): (at: number) => Link | null {
  let measured = 0;
  const endOfRun = (from: number): number => {
    if (from >= measured) {
      measured = from;
      while (measured < text.length && !ENDS.test(text[measured] ?? "")) measured += 1;
    }
    return measured;
  };
  return (at) => {
    if (!STARTS.test(text[at] ?? "") || WORD.test(text[at - 1] ?? "")) return null;
    const beginning = BEGINNINGS.find((one) => text.slice(at, at + one.length).toLowerCase() === one);
    if (!beginning) return null;
    const from = at + beginning.length;
    if (beginning === "mailto:") return mailto(text, at, from);
    const end = endOfRun(from);
    if (end - at > LONGEST) return null;
    const host = text.slice(from, Math.min(end, from + HOST_LONGEST)).split(/[/?#]/u)[0] ?? "";
    // A name before an @ there is a trick: it looks like the site, and is not.
    const until = HOST.test(sentence(host)) ? trimmed(text, from, end) : from;
    if (until === from) return null;
    const written = text.slice(at, until);
    const seen = seenAs(written, beginning);
    if (seen === null || (beginning === "www." && !host.includes("."))) return null;
    const href = beginning === "www." ? `https://${written}` : beginning + text.slice(from, until);
    return { href, text: seen, until };
  };
}

/** What stands for an address on the page: a host that looks like another is spelled out. */
function seenAs(written: string, beginning: string): string | null {
  const from = beginning === "www." ? 0 : beginning.length;
  const host = written.slice(from).split(/[/?#]/u)[0] ?? "";
  const shown = shownHost(host);
  return shown === null ? null : written.slice(0, from) + shown + written.slice(from + host.length);
}

function mailto(text: string, at: number, from: number): Link | null {
  const [address] = ADDRESS.exec(text.slice(from, from + LOCAL_LONGEST + DOMAIN_LONGEST)) ?? [];
  if (!address) return null;
  const until = from + address.length;
  return { href: `mailto:${address}`, text: text.slice(at, until), until };
}

/** The mail address around an @, looking back no further than `least`. */
export function mailAt(text: string, at: number, least: number): Mail | null {
  let from = at;
  while (from > least && at - from < LOCAL_LONGEST && LOCAL.test(text[from - 1] ?? "")) from -= 1;
  let until = at + 1;
  while (until < text.length && until - at < DOMAIN_LONGEST && DOMAIN.test(text[until] ?? "")) until += 1;
  while (from < at && text[from] === ".") from += 1;
  const [address] = ADDRESS.exec(text.slice(from, until)) ?? [];
  // After a slash it is the trick again, not a mail address.
  if (!address || /[\p{L}\p{N}_/]/u.test(text[from - 1] ?? "")) return null;
  return { href: `mailto:${address}`, text: address, from, until: from + address.length };
}

function sentence(host: string): string {
  let end = host.length;
  while (end > 0 && TRAILING.has(host[end - 1] ?? "") && host[end - 1] !== "]") end -= 1;
  return host.slice(0, end);
}

/** Where an address really ends: not with what ends the sentence, nor with a bracket that was opened before it. */
function trimmed(text: string, from: number, end: number): number {
  let open = 0;
  for (let at = from; at < end; at += 1) {
    if (text[at] === "(") open += 1;
    else if (text[at] === ")") open -= 1;
  }
  let until = end;
  while (until > from && TRAILING.has(text[until - 1] ?? "")) {
    if (text[until - 1] === ")") {
      if (open >= 0) break;
      open += 1;
    }
    until -= 1;
  }
  return until;
}
