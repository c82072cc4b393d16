import type { EventFrame } from "#/core/api/schema";
import type { Keeper } from "./keeper";

/**
 * Asks for something that events change, and takes in what happened while the answer was on its way: it may have been
 * read before that. `fold` must bear an event that the answer shows already.
 */
export async function along<Kept>(
  keeper: Pick<Keeper, "onEvent">,
  ask: () => Promise<Kept>,
  fold: (kept: Kept, frame: EventFrame) => Kept,
): Promise<Kept> {
  const heard: EventFrame[] = [];
  const stop = keeper.onEvent((frame) => heard.push(frame));
  try {
    const kept = await ask();
    return heard.reduce(fold, kept);
  } finally {
    stop();
  }
}
