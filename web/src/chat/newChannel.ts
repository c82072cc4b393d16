import { createStore } from "#/core/store";

/** The space for which the dialog of a new channel is open; beside React, so that whatever offers it may vanish. */
export const newChannelIn = createStore<string | null>(null);

let before: Element | null = null;

export function openNewChannel(space: string): void {
  before = document.activeElement;
  newChannelIn.set(space);
}

/** Closes it; the focus goes back to where it was, if that is still there. */
export function closeNewChannel(): void {
  newChannelIn.set(null);
  if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  before = null;
}
