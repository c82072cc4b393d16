import { readPreference, writePreference } from "#/core/preferences/stored";
import { createStore } from "#/core/store";

/** Whose machine this is, as whoever comes in says at the door: one's own, or one that others use too. */
export type Machine = "own" | "shared";

const KEY = "machine";

/** What was said here last stands at the door the next time: it is about the machine and names nobody. */
export const machine = createStore<Machine>(readPreference(KEY) === "shared" ? "shared" : "own");

export function chooseMachine(choice: Machine): void {
  writePreference(KEY, choice === "shared" ? choice : null);
  machine.set(choice);
}

/** For the forms of the door. */
export const saysShared = (): { shared: boolean } => ({ shared: machine.get() === "shared" });
