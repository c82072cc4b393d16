import { whenLeft } from "#/core/session/session";
import { createStore, type Store } from "#/core/store";
import { own } from "../media/own";
import type { CallRoom } from "../room/room";
import { keptCall } from "./tab";

/** The call that this window is in, coming into, or has just been put out of. One at most, whatever page shows. */
export const current: Store<CallRoom | null> = createStore<CallRoom | null>(null);

whenLeft(() => {
  current.get()?.forget();
  current.set(null);
});

/** What one comes in with. */
export type With = { readonly microphone: boolean; readonly camera: boolean };

/**
 * Goes into the call of a space, or begins one. Out of the one before it, if there is one. What carries calls is
 * loaded by then only: pages without calls do not pay for it.
 */
export async function enter(space: string, { microphone, camera }: With): Promise<void> {
  kept = null;
  const { CallRoom } = await import("../room/room");
  const before = current.get();
  if (before && before.view.get().state.phase !== "over") before.leave();
  const room = new CallRoom(space);
  current.set(room);
  // Beside the way in: who has to allow the microphone first is in already, and listens.
  if (microphone) void own.microphone.on();
  if (camera) void own.camera.on();
  room.enter();
}

/** Leaves the call this window is in. */
export function leave(): void {
  const room = current.get();
  current.set(null);
  room?.leave();
}

/** Lets go of a call that is over, once the person has seen why. */
export function close(room: CallRoom): void {
  if (current.get() === room) current.set(null);
}

let kept: ReturnType<typeof keptCall> | undefined;

/** After a reload: the call that this tab was in, until one goes into any. `living` gives a space's call. */
export function callToReturnTo(living: (space: string) => string | undefined): ReturnType<typeof keptCall> {
  if (kept === undefined) kept = keptCall();
  return kept && living(kept.space) === kept.call ? kept : null;
}
