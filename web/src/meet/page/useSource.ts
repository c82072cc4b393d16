import { useStore } from "#/core/store";
import { choose, type Source } from "../media/devices";
import { type Own, own } from "../media/own";
import type { CallRoom, View } from "../room/room";

/** One's own microphone or camera, with what turns it on and off. */
export type SourceState = Own & {
  /** Whether the others hear or see it at this moment: what is published, and not what was asked for. */
  readonly out: boolean;
  readonly toggle: () => void;
};

/** One's microphone or camera in a room. The choice is kept for the next call. */
export function useSource(room: CallRoom, source: Source): SourceState {
  const state = useStore(own[source].state, (now) => now);
  const self = useStore(room.view, selfOf);
  const out = source === "microphone" ? self?.microphone === "open" : self?.camera != null;
  return {
    ...state,
    out,
    toggle: () => turn(source, !own[source].state.get().wanted),
  };
}

const selfOf = (view: View) => view.members.find(({ self }) => self);

/** Turns a source on or off, and remembers it. A microphone stays open and silent, to be back at once. */
export function turn(source: Source, on: boolean): void {
  choose({ [source]: on });
  if (on) void own[source].on();
  else own[source].off(source === "microphone");
}
