import { createStore, useStore } from "#/core/store";

const looking = (): boolean => document.visibilityState === "visible" && document.hasFocus();

/** Whether the person looks at this window: it shows, and it is the one that they write in. */
export const attended = createStore(looking());

const look = (): void => attended.set(looking());
window.addEventListener("focus", look);
window.addEventListener("blur", look);
document.addEventListener("visibilitychange", look);

/** Whether the person looks at this window now. */
export function useAttended(): boolean {
  return useStore(attended, (now) => now);
}
