import { readPreference, writePreference } from "#/core/preferences/stored";

/** A shortcut: one key (`?`), keys one after the other (`g p`), or with Ctrl or Command (`mod+k`). */
type Shortcut = { readonly keys: string; readonly run: () => void };

const PREFERENCE = "letter-shortcuts";
const SEQUENCE_MS = 900;
const shortcuts: Shortcut[] = [];
let begun = "";
let begunAt = 0;

/** Whether shortcuts of plain letters work: who dictates or has trembling hands turns them off. */
export function letterShortcuts(): boolean {
  return readPreference(PREFERENCE) !== "off";
}

export function setLetterShortcuts(on: boolean): void {
  writePreference(PREFERENCE, on ? null : "off");
}

function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/u.test(target.tagName))
  );
}

/** Adds a shortcut and gives the way to take it off. The one added last comes first. */
export function addShortcut(keys: string, run: () => void): () => void {
  const shortcut = { keys, run };
  shortcuts.push(shortcut);
  return () => {
    shortcuts.splice(shortcuts.indexOf(shortcut), 1);
  };
}

const find = (keys: string): Shortcut | undefined => shortcuts.findLast((one) => one.keys === keys);

/** Runs the shortcut that a key press completes, if there is one; says whether it did. */
export function press(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.altKey) return false;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    begun = "";
    const found = find(`mod+${key}`);
    found?.run();
    return found !== undefined;
  }
  if (writing(event.target) || !letterShortcuts()) return false;
  const sequence = event.timeStamp - begunAt < SEQUENCE_MS && begun ? `${begun} ${key}` : key;
  const found = find(sequence) ?? find(key);
  begun = found ? "" : key;
  begunAt = event.timeStamp;
  found?.run();
  return found !== undefined;
}
