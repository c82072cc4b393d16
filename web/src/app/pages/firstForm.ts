/** What the server asks of a password: length, not recipes. In characters. */
export const PASSWORD_LEAST = 12;

/** How many characters a password is short of. */
export function passwordMisses(password: string): number {
  return Math.max(0, PASSWORD_LEAST - [...password].length);
}

/** The domain in what was typed: people paste an address, or write the @ before it. Null when there is none. */
export function domainOf(text: string): string | null {
  const domain = text.trim().toLowerCase().replace(/^.*@/u, "");
  return /^[a-z0-9]([a-z0-9-]*\.)+[a-z0-9-]{2,63}$/u.test(domain) ? domain : null;
}

/** Whether an address is whole; whether it exists, nobody here can tell. */
export function addressFits(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(text.trim());
}
