import type { Label } from "#/core/api/schema";
import type { House } from "#/core/journal/house";
import { keepsNothing, type Lasting } from "#/core/preferences/stored";

const ON_DISK: ReadonlySet<string> = new Set<Label>(["public", "internal"]);

/** The label of the space that a channel is in; undefined when the window does not show it. */
export function labelOf(house: House | null, channel: string): Label | undefined {
  const space = house?.channels[channel]?.channel.space_id;
  return space === undefined ? undefined : house?.spaces[space]?.space.label;
}

/**
 * How long what one writes in a channel may be kept here: above internal, and on a machine that others use too, nothing is
 * left lying on a disk.
 */
export function lastingOf(house: House | null, channel: string): Lasting {
  return !keepsNothing() && ON_DISK.has(labelOf(house, channel) ?? "") ? "device" : "tab";
}
