const PREFIX = "bastide.";

/** A choice kept on this device; null when there is none, or when the browser keeps nothing. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    // Storage may be forbidden by the browser's settings: the choice then lasts as long as the page.
    return memory.get(name) ?? null;
  }
}

export function writePreference(name: string, value: string | null): void {
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // As above.
  }
}

const memory = new Map<string, string>();
