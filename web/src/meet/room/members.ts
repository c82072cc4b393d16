import { type Participant, type Room, Track, type TrackPublication } from "livekit-client";
import type { CallView } from "#/core/api/schema";

/** A picture that somebody sends. */
export type Picture = {
  /** What is received; the last that was, while none is. */
  readonly track: MediaStreamTrack | null;
  /** The media server holds it back, because the line here is short. */
  readonly paused: boolean;
};

/** A device in the call. Only its identity is taken from the media server: names and pictures are our own. */
export type Member = {
  /** `person/device`. */
  readonly identity: string;
  readonly person: string;
  readonly self: boolean;
  readonly microphone: "open" | "muted" | "none";
  readonly camera: Picture | null;
  readonly screen: Picture | null;
  /** Whether the media server knows it now; else it is coming, or coming back. */
  readonly here: boolean;
  /** When it came, in milliseconds. */
  readonly joinedAt: number;
};

const IDENTITY =
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** Whose device an identity is; null for what our server never names. */
export function personOf(identity: string): string | null {
  return IDENTITY.test(identity) ? identity.slice(0, identity.indexOf("/")) : null;
}

/** A track of the kind that its source must be: what a sender calls its track is only what it says. */
export function published(participant: Participant, source: Track.Source): TrackPublication | undefined {
  const found = participant.getTrackPublication(source);
  const voice = source === Track.Source.Microphone || source === Track.Source.ScreenShareAudio;
  return found?.kind === (voice ? Track.Kind.Audio : Track.Kind.Video) ? found : undefined;
}

type Sources = {
  readonly room: Room;
  /** The call as the space's journal tells it; it knows who is coming back a little longer than the media server. */
  readonly call: CallView | null;
  readonly before: readonly Member[];
};

/** Everybody in the call, who came first first; the same objects as before where nothing changed. */
export function membersOf({ room, call, before }: Sources): readonly Member[] {
  const told = new Map(
    (call?.participants ?? []).map((one) => [`${one.person_id}/${one.device_id}`, Date.parse(one.joined_at)]),
  );
  const had = new Map(before.map((member) => [member.identity, member]));
  const found = new Map<string, Member>();
  const add = (identity: string, participant: Participant | null): void => {
    const person = personOf(identity);
    if (person === null || found.has(identity)) return;
    const last = had.get(identity);
    const joinedAt = told.get(identity) ?? last?.joinedAt ?? participant?.joinedAt?.getTime() ?? Date.now();
    const member = participant
      ? { ...seen(participant, last), identity, person, joinedAt }
      : { ...(last ?? EMPTY), identity, person, joinedAt, here: false };
    found.set(identity, last && alike(last, member) ? last : member);
  };
  add(room.localParticipant.identity, room.localParticipant);
  for (const participant of room.remoteParticipants.values()) add(participant.identity, participant);
  for (const identity of told.keys()) add(identity, null);
  const all = [...found.values()].sort(
    (one, other) => one.joinedAt - other.joinedAt || (one.identity < other.identity ? -1 : 1),
  );
  return all.length === before.length && all.every((member, index) => member === before[index])
    ? before
    : all;
}

type Seen = Omit<Member, "identity" | "person" | "joinedAt">;

const EMPTY: Seen = { self: false, microphone: "none", camera: null, screen: null, here: false };

function seen(participant: Participant, last: Member | undefined): Seen {
  const microphone = published(participant, Track.Source.Microphone);
  return {
    self: participant.isLocal,
    microphone: microphone ? (microphone.isMuted ? "muted" : "open") : "none",
    camera: picture(published(participant, Track.Source.Camera), last?.camera),
    screen: picture(published(participant, Track.Source.ScreenShare), last?.screen),
    here: true,
  };
}

function picture(
  publication: TrackPublication | undefined,
  last: Picture | null | undefined,
): Picture | null {
  if (!publication || publication.isMuted) return null;
  const track = publication.track?.mediaStreamTrack ?? last?.track ?? null;
  const paused = publication.track?.streamState === Track.StreamState.Paused;
  return last && last.track === track && last.paused === paused ? last : { track, paused };
}

const alike = (one: Member, other: Member): boolean =>
  one.self === other.self &&
  one.microphone === other.microphone &&
  one.camera === other.camera &&
  one.screen === other.screen &&
  one.here === other.here &&
  one.joinedAt === other.joinedAt;
