import { compareInstants } from "#/core/api/instant";
import type { ParticipantView } from "#/core/api/schema";
import { changed, type Reducers, without } from "#/core/journal/house";

const same = (one: ParticipantView, other: Pick<ParticipantView, "person_id" | "device_id">): boolean =>
  one.person_id === other.person_id && one.device_id === other.device_id;

/** Whoever came first comes first; those who came at once, by their ids. So does the server order them. */
function inOrder(one: ParticipantView, other: ParticipantView): number {
  return (
    compareInstants(one.joined_at, other.joined_at) ||
    compare(one.person_id, other.person_id) ||
    compare(one.device_id, other.device_id)
  );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** What the events of calls make of the house: which call lives in which space, and who is in it. */
export const meetReducers = {
  "meet.call.started": (house, { s, e }) => ({ ...house, calls: { ...house.calls, [s]: e.call } }),
  "meet.call.joined": (house, { s, e: { call_id, participant } }) =>
    changed(house, "calls", s, (call) =>
      call.id === call_id
        ? {
            ...call,
            participants: [...call.participants.filter((one) => !same(one, participant)), participant].sort(
              inOrder,
            ),
          }
        : call,
    ),
  "meet.call.left": (house, { s, e }) =>
    changed(house, "calls", s, (call) =>
      call.id === e.call_id
        ? { ...call, participants: call.participants.filter((one) => !same(one, e)) }
        : call,
    ),
  "meet.call.ended": (house, { s, e }) =>
    house.calls[s]?.id === e.call_id ? { ...house, calls: without(house.calls, s) } : house,
} satisfies Partial<Reducers>;
