const HERE = "https://bastide.invalid";

/**
 * An address within this window, or nothing: what a link to the door names must not lead to another host.
 *
 * It is read as browsers read it: they take out tabs and line breaks, and take \ for /, before they look for a host.
 */
export function ownPath(from: unknown): string | undefined {
  if (typeof from !== "string" || !from.startsWith("/") || !URL.canParse(from, HERE)) return undefined;
  const { origin, pathname, search, hash } = new URL(from, HERE);
  // What is one path here must stay one when it is read again.
  return origin === HERE && !pathname.startsWith("//") ? pathname + search + hash : undefined;
}
