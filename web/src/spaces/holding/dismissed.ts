import { readPreference, writePreference } from "#/core/preferences/stored";
import { createStore } from "#/core/store";

const KEY = "reminders";
/** More than the labels have thresholds: older ones are of ends that are over. */
const KEPT_MOST = 24;

function read(): readonly string[] {
  return (readPreference(KEY) ?? "").split(" ").filter(Boolean);
}

/** The reminders that were put away on this device. */
export const dismissed = createStore<readonly string[]>(read());

export function dismiss(names: readonly string[]): void {
  const kept = [...new Set([...read(), ...names])].slice(-KEPT_MOST);
  writePreference(KEY, kept.join(" "));
  dismissed.set(kept);
}
