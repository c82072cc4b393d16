import { api, take } from "#/core/api/client";
import type { ExportState, ExportTicket } from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { whenLeft } from "#/core/session/session";
import { createStore, type Store } from "#/core/store";

/** An export that this window asked for: what it holds, and how far it is. */
export type Export = {
  readonly ticket: ExportTicket;
  /** null until the server says that bytes go out. */
  readonly state: ExportState | null;
  readonly sent: number;
  readonly share: number;
  readonly because: string | null;
};

/** By space; only the last one of each. It goes on while one looks at other pages. */
export const exports: Store<{ readonly [space: string]: Export }> = createStore({});

/** Asks for an export and lets the browser fetch it, which writes it to the disk as it comes. */
export async function exportSpace(space: string): Promise<void> {
  const path = { space_id: space };
  const ticket = await take(api.POST("/api/spaces/{space_id}/exports", { params: { path } }));
  const begun: Export = { ticket, state: null, sent: 0, share: 0, because: null };
  exports.set({ ...exports.get(), [space]: begun });
  const link = document.createElement("a");
  link.href = `/api/spaces/${space}/exports/${ticket.id}`;
  link.download = ticket.name;
  link.click();
}

keeper.onFleeting(({ e }) => {
  if (e.type !== "export.moved") return;
  const all = exports.get();
  const held = all[e.space_id];
  if (held?.ticket.id !== e.export_id) return;
  const { state, sent, share, because = null } = e;
  exports.set({ ...all, [e.space_id]: { ...held, state, sent, share, because } });
});

whenLeft(() => exports.set({}));
