import { keeper } from "#/core/journal/live";
import { session } from "#/core/session/session";
import { createStore } from "#/core/store";

/** A guest was put out of the last space they were in, or their last day there is over: the door then says so. */
export const farewell = createStore(false);

keeper.onEvent(({ e }) => {
  const now = session.get();
  if (e.type !== "spaces.space.lost" || now.state !== "in") return;
  const left = Object.keys(keeper.house.get()?.spaces ?? {}).filter((id) => id !== e.space_id);
  if (now.me.profile.card.kind === "guest" && left.length === 0) farewell.set(true);
});

// Whoever comes in again has read it.
session.subscribe(() => {
  if (session.get().state === "in") farewell.set(false);
});
