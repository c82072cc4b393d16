const PREFIX = "bastide.";

/** How long something is kept: on this device, or until this tab is closed. */
export type Lasting = "device" | "tab";

const memory: Record<Lasting, Map<string, string>> = { device: new Map(), tab: new Map() };

const storage = (where: Lasting): Storage => (where === "device" ? localStorage : sessionStorage);

let nothing = false;

/** On a machine that others use too nothing is written to it: what is chosen lasts as long as the page, or the session. */
export function keepNothing(on: boolean): void {
  if (on === nothing) return;
  nothing = on;
  memory.device.clear();
  memory.tab.clear();
}

export function keepsNothing(): boolean {
  return nothing;
}

/** A choice kept by the browser; null when there is none, or when the browser keeps nothing. */
export function readPreference(name: string, where: Lasting = "device"): string | null {
  const held = nothing ? memory[where].get(name) : undefined;
  if (held !== undefined) return held;
  try {
    return storage(where).getItem(PREFIX + name);
  } catch {
    // Storage may be forbidden by the browser's settings: the choice then lasts as long as the page.
    return memory[where].get(name) ?? null;
  }
}

export function writePreference(name: string, value: string | null, where: Lasting = "device"): void {
  if (value === null) memory[where].delete(name);
  else memory[where].set(name, value);
  try {
    if (value === null) storage(where).removeItem(PREFIX + name);
    else if (!nothing) storage(where).setItem(PREFIX + name, value);
  } catch {
    // As above.
  }
}
