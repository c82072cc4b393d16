import type { CallView } from "#/core/api/schema";
import type { House } from "#/core/journal/house";

/** After this long nobody rings any more; one may still come. */
export const RINGS_MS = 45_000;

/** Who declined which call, by the call's id. */
export type Declines = { readonly [call: string]: readonly string[] };

/**
 * The calls that ring for the person of a house: in a direct, begun by another a moment ago, with nobody of theirs in
 * it, and not declined by them.
 */
export function ringing(house: House, declines: Declines, now: number): readonly CallView[] {
  return Object.values(house.calls).filter(
    (call) =>
      house.spaces[call.space_id]?.space.kind === "direct" &&
      call.started_by !== house.me &&
      !call.participants.some(({ person_id }) => person_id === house.me) &&
      !declines[call.id]?.includes(house.me) &&
      ringsUntil(call) > now,
  );
}

/** Until when a call rings, in milliseconds. */
export const ringsUntil = (call: CallView): number => Date.parse(call.started_at) + RINGS_MS;
