import { api } from "#/core/api/client";
import { beforeSignOut, whenLeft } from "#/core/session/session";
import { createStore, type Store } from "#/core/store";
import { deleteMessage } from "../queries";

/** Messages that one has taken away and may still bring back: gone from one's own sight, not from the server. */
export const leaving: Store<ReadonlySet<string>> = createStore<ReadonlySet<string>>(new Set());

export function beginRemoval(id: string): void {
  leaving.set(new Set([...leaving.get(), id]));
}

export function undoRemoval(id: string): void {
  leaving.set(new Set([...leaving.get()].filter((one) => one !== id)));
}

/** Takes the message away for good. Throws ProblemError or Unreachable, and then it is back. */
export async function finishRemoval(id: string): Promise<void> {
  if (!leaving.get().has(id)) return;
  try {
    await deleteMessage(id);
  } finally {
    undoRemoval(id);
  }
}

// Whoever closes the page cannot undo any more: what was to go goes now, beside the page's end.
window.addEventListener("pagehide", () => {
  for (const message_id of leaving.get()) {
    void api.DELETE("/api/messages/{message_id}", { params: { path: { message_id } }, keepalive: true });
  }
});

beforeSignOut(() => Promise.all([...leaving.get()].map(finishRemoval)));
whenLeft(() => leaving.set(new Set()));
