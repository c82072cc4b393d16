import { type RemoteTrackPublication, type Room, Track, VideoQuality } from "livekit-client";
import { Sound } from "../media/sound";
import { personOf, published } from "./members";
import type { Speakers } from "./speakers";
import { type Heard, type Layer, nothing, type Plan, plan, type Size } from "./subscriptions";

/** A camera on screen: say how large it is, and when it has gone. */
export type Watching = { readonly resize: (size: Size) => void; readonly stop: () => void };

const QUALITY: { readonly [layer in Layer]: VideoQuality } = {
  low: VideoQuality.LOW,
  medium: VideoQuality.MEDIUM,
  high: VideoQuality.HIGH,
};
/** A moment after the plan wants to be looked at again, so that its time has come by then. */
const AFTER_MS = 20;

/** Brings what is received in line with the plan (`subscriptions.ts`), and plays it. */
export class Receiving {
  readonly sound = new Sound();
  readonly #speakers: Speakers;
  #plan: Plan = nothing;
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #shown = new Map<symbol, { identity: string; size: Size }>();

  constructor(speakers: Speakers) {
    this.#speakers = speakers;
  }

  /** Whether only the last speakers are received, for there are many. */
  get few(): boolean {
    return this.#plan.few;
  }

  /** Somebody's camera is on screen. `changed` runs whenever that moves. */
  watch(identity: string, size: Size, changed: () => void): Watching {
    const key = Symbol(identity);
    const resize = (next: Size): void => {
      this.#shown.set(key, { identity, size: next });
      changed();
    };
    resize(size);
    return {
      resize,
      stop: () => {
        this.#shown.delete(key);
        changed();
      },
    };
  }

  /** Subscribes to what is to be received now, and to nothing else. */
  renew(room: Room): void {
    const others = [...room.remoteParticipants.values()];
    const speaking = new Set(this.#speakers.speaking.get());
    const heard = others.flatMap((participant): Heard[] => {
      const person = personOf(participant.identity);
      if (person === null) return [];
      const microphone = published(participant, Track.Source.Microphone);
      const camera = published(participant, Track.Source.Camera);
      return [
        {
          identity: participant.identity,
          person,
          microphone: microphone ? (microphone.isMuted ? "muted" : "open") : "none",
          camera: camera !== undefined && !camera.isMuted,
          screen: published(participant, Track.Source.ScreenShare) !== undefined,
          spokeAt: this.#speakers.spokeAt.get(participant.identity) ?? 0,
          speaking: speaking.has(participant.identity),
        },
      ];
    });
    this.#plan = plan(this.#plan, heard, this.#onScreen(), performance.now());
    clearTimeout(this.#again);
    if (this.#plan.againIn !== null) {
      this.#again = setTimeout(() => this.renew(room), this.#plan.againIn + AFTER_MS);
    }
    const voices = new Map<string, MediaStreamTrack>();
    for (const participant of others) {
      for (const publication of participant.trackPublications.values()) {
        const track = this.#subscribe(participant.identity, publication);
        if (track && publication.kind === Track.Kind.Audio) voices.set(publication.trackSid, track);
      }
    }
    this.sound.play(voices);
  }

  /** The connection is gone, and with it all that was received. */
  clear(): void {
    clearTimeout(this.#again);
    this.#plan = nothing;
  }

  /** Brings one publication in line with the plan; what is received of it. */
  #subscribe(identity: string, publication: RemoteTrackPublication): MediaStreamTrack | null {
    const wanted = this.#wants(identity, publication.source);
    if (publication.isDesired !== wanted) publication.setSubscribed(wanted);
    const camera = publication.source === Track.Source.Camera ? this.#plan.cameras.get(identity) : undefined;
    if (wanted && camera) publication.setVideoQuality(QUALITY[camera.layer]);
    return wanted ? (publication.track?.mediaStreamTrack ?? null) : null;
  }

  #wants(identity: string, source: Track.Source): boolean {
    switch (source) {
      case Track.Source.Microphone:
        return this.#plan.voices.has(identity);
      case Track.Source.Camera:
        return this.#plan.cameras.has(identity);
      case Track.Source.ScreenShare:
      case Track.Source.ScreenShareAudio:
        return this.#plan.screens.has(identity);
      default:
        return false;
    }
  }

  /** The cameras on screen, each at its largest. In a window that nobody sees there are none. */
  #onScreen(): ReadonlyMap<string, Size> {
    const shown = new Map<string, Size>();
    if (document.visibilityState === "hidden") return shown;
    for (const { identity, size } of this.#shown.values()) {
      const other = shown.get(identity);
      if (!other || size.width > other.width) shown.set(identity, size);
    }
    return shown;
  }
}
