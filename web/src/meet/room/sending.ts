import {
  type LocalParticipant,
  type Room,
  ScreenSharePresets,
  Track,
  type TrackPublishOptions,
  VideoPreset,
} from "livekit-client";
import { own } from "../media/own";

const VOICE: TrackPublishOptions = {
  source: Track.Source.Microphone,
  // Speech at its best for the line; it goes out before anything else.
  audioPreset: { maxBitrate: 32_000, priority: "high" },
  dtx: true,
  red: true,
  forceStereo: false,
};
const PICTURE: TrackPublishOptions = {
  source: Track.Source.Camera,
  videoCodec: "vp8",
  backupCodec: false,
  simulcast: true,
  videoEncoding: { maxBitrate: 1_300_000, maxFramerate: 24, priority: "low" },
  videoSimulcastLayers: [new VideoPreset(320, 180, 140_000, 15), new VideoPreset(640, 360, 420_000, 20)],
};
const SCREEN: TrackPublishOptions = {
  source: Track.Source.ScreenShare,
  videoCodec: "vp8",
  backupCodec: false,
  // With one layer alone the media server could not give way to voices.
  simulcast: true,
  screenShareEncoding: ScreenSharePresets.h1080fps15.encoding,
  degradationPreference: "maintain-resolution",
};
const SCREEN_SOUND: TrackPublishOptions = {
  source: Track.Source.ScreenShareAudio,
  audioPreset: { maxBitrate: 64_000 },
  dtx: false,
  red: false,
};

const AGAIN_MS = 2_000;

/** Runs one at a time; asked again while it runs, it runs once more after. What fails is tried again until `over`. */
function serial(run: () => Promise<void>, over: () => boolean): () => void {
  let running = false;
  let again = false;
  const loop = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      try {
        await run();
      } catch {
        // The line was not there, most likely.
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        again = !over();
      }
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void loop();
  };
}

/**
 * Brings what is sent into a room in line with one's own microphone, camera and screen, whenever these change. What others
 * hear is decided by the track itself first: a microphone is silent before anybody is told that it is muted.
 */
export class Sending {
  readonly #participant: LocalParticipant;
  readonly #steps: readonly (() => void)[];
  readonly #stops: readonly (() => void)[];
  #stopped = false;

  constructor(room: Room) {
    this.#participant = room.localParticipant;
    const over = (): boolean => this.#stopped;
    const microphone = serial(() => this.#microphone(), over);
    const camera = serial(() => this.#one(own.camera.state.get().track, PICTURE), over);
    const screen = serial(async () => {
      const shared = own.screen.state.get();
      await this.#one(shared?.picture ?? null, SCREEN);
      await this.#one(shared?.sound ?? null, SCREEN_SOUND);
    }, over);
    this.#steps = [microphone, camera, screen];
    this.#stops = [
      own.microphone.state.subscribe(microphone),
      own.camera.state.subscribe(camera),
      own.screen.state.subscribe(screen),
    ];
    this.check();
  }

  /** Compares all of it again. */
  check(): void {
    if (!this.#stopped) for (const look of this.#steps) look();
  }

  stop(): void {
    this.#stopped = true;
    for (const stop of this.#stops) stop();
  }

  async #microphone(): Promise<void> {
    const { wanted, track } = own.microphone.state.get();
    const before = this.#participant.getTrackPublication(Track.Source.Microphone);
    // It is sent from the first time it is opened, and stays, muted, from then on.
    if (!before && !wanted) return;
    await this.#one(track, VOICE);
    const sent = this.#participant.getTrackPublication(Track.Source.Microphone);
    if (this.#stopped || !sent?.track) return;
    const now = own.microphone.state.get();
    if (now.track !== track) return;
    if (now.wanted && sent.isMuted) await sent.unmute();
    else if (!now.wanted && !sent.isMuted) await sent.mute();
  }

  /** Sends this track as this source, in the place of another one, or none. */
  async #one(track: MediaStreamTrack | null, options: TrackPublishOptions): Promise<void> {
    if (this.#stopped || !options.source) return;
    const sent = this.#participant.getTrackPublication(options.source);
    if (!track) {
      if (sent?.track) await this.#participant.unpublishTrack(sent.track, false);
    } else if (!sent?.track) {
      if (track.readyState === "live") await this.#participant.publishTrack(track, options);
    } else if (sent.track.mediaStreamTrack !== track) {
      await sent.track.replaceTrack(track, true);
    }
  }
}
