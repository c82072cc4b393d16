import { words } from "#/core/api/content";
import { folded } from "#/core/format/names";
import { answers } from "#/people/picker/ranked";
import { type SpaceRow, unreadOf } from "#/spaces/spaces";

/** Somewhere to go: a space, a conversation, or a channel of a space. */
export type Place = {
  readonly id: string;
  readonly name: string;
  readonly row: SpaceRow;
  /** The channel, when it is one. */
  readonly channelId: string | null;
  readonly unread: number;
  readonly movedAt: number;
};

/** All places of the house: its spaces and conversations, and the channels of those that have several. */
export function placesOf(rows: readonly SpaceRow[]): Place[] {
  return rows.flatMap((row) => {
    const whole: Place = {
      id: row.id,
      name: row.name,
      row,
      channelId: null,
      unread: row.unread,
      movedAt: row.movedAt,
    };
    if (row.own.space.kind === "direct" || row.channels.length < 2) return [whole];
    const channels = row.channels.map(
      (own): Place => ({
        id: own.channel.id,
        name: words(own.channel.name),
        row,
        channelId: own.channel.id,
        unread: unreadOf(own),
        movedAt: own.channel.last ? Date.parse(own.channel.last.sent_at) : 0,
      }),
    );
    return [whole, ...channels];
  });
}

/** How well a place answers: its name begins so, a word of it does, or only together with its space's name; else null. */
function rank({ name, row, channelId }: Place, typed: string): number | null {
  if (folded(name).startsWith(folded(typed))) return 0;
  if (answers(name, typed)) return 1;
  return channelId !== null && answers(`${name} ${row.name}`, typed) ? 2 : null;
}

/**
 * The places that answer to what is typed, the best first and, of those as good, the one that moved last. With nothing
 * typed: where something is unread, then what moved last; whole spaces only.
 */
export function foundPlaces(places: readonly Place[], typed: string, most: number): Place[] {
  if (typed.trim() === "") {
    return places
      .filter(({ channelId }) => channelId === null)
      .sort((one, other) => Number(other.unread > 0) - Number(one.unread > 0) || other.movedAt - one.movedAt)
      .slice(0, most);
  }
  return places
    .map((place) => ({ place, rank: rank(place, typed) }))
    .filter((one): one is { place: Place; rank: number } => one.rank !== null)
    .sort((one, other) => one.rank - other.rank || other.place.movedAt - one.place.movedAt)
    .map(({ place }) => place)
    .slice(0, most);
}
