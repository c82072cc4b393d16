import { useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import { words } from "#/core/api/content";
import type { LostSpace } from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { queries } from "#/core/queries";
import { session } from "#/core/session/session";
import { createStore } from "#/core/store";

const LOSSES = ["spaces", "losses"] as const;

/** Why a space was lost, by the server's words: each has its sentence. */
export const LOST_BY = [
  "guest-in-sensitive",
  "guest-in-restricted",
  "other-organisation",
  "stay-over",
] as const;
export type LostBy = (typeof LOST_BY)[number];

export type Lost = { readonly by: LostBy | "other"; readonly name: string };

/** What is to be said of a space that was lost; a reason that this window does not know yet is said in general. */
export function lostOf(loss: LostSpace): Lost {
  return { by: LOST_BY.find((known) => known === loss.reason) ?? "other", name: words(loss.name) };
}

/** The spaces that one has lost and not put away, the latest first. */
export function useLosses(): readonly LostSpace[] {
  const { data } = useQuery(
    {
      queryKey: LOSSES,
      queryFn: ({ signal }) => take(api.GET("/api/me/losses", { signal })),
      // What was put away in another window is gone here, too.
      refetchOnWindowFocus: "always",
    },
    queries,
  );
  return data ?? [];
}

/** It has been read: it goes at once, and is told no more. */
export async function putAway(loss: LostSpace): Promise<void> {
  keep((held) => held.filter(({ id }) => id !== loss.id));
  try {
    await take(api.DELETE("/api/me/losses/{loss_id}", { params: { path: { loss_id: loss.id } } }));
  } catch {
    // It is told again at the next opening, and can be put away then.
  }
}

function keep(change: (held: readonly LostSpace[]) => LostSpace[]): void {
  queries.setQueryData<LostSpace[]>(LOSSES, (held) => held && change(held));
}

// What was missed may have been a loss.
keeper.onRenewed(() => void queries.invalidateQueries({ queryKey: LOSSES }));

/** A guest is in no space any more, and the door says why: by a label, or because their last day is over. */
export const farewell = createStore<Lost | "over" | null>(null);

keeper.onEvent(({ e }) => {
  if (e.type === "spaces.space.gained") void queries.invalidateQueries({ queryKey: LOSSES });
  if (e.type !== "spaces.space.lost") return;
  const { why, space_id } = e;
  // By hand it comes with the event: whoever has lost their last space has no session to ask with.
  if (why) keep((held) => [why, ...held.filter(({ id }) => id !== why.id)]);
  const now = session.get();
  if (now.state !== "in" || now.me.profile.card.kind !== "guest") return;
  const left = Object.keys(keeper.house.get()?.spaces ?? {}).filter((id) => id !== space_id);
  if (left.length === 0) farewell.set(why ? lostOf(why) : "over");
});

// Whoever comes in again has read it.
session.subscribe(() => {
  if (session.get().state === "in") farewell.set(null);
});
