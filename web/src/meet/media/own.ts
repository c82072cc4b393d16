import { createStore, type Store } from "#/core/store";
import {
  choices,
  devices,
  open,
  openScreen,
  type Shared,
  type Source,
  type Trouble,
  troubleOf,
} from "./devices";

/** One's own microphone or camera, as it is now. */
export type Own = {
  /** Whether the person wants it on. Whether others hear or see it, the room says. */
  readonly wanted: boolean;
  readonly track: MediaStreamTrack | null;
  readonly opening: boolean;
  readonly trouble: Trouble | null;
};

const OFF: Own = { wanted: false, track: null, opening: false, trouble: null };

/** A microphone or a camera of one's own: opened when it is wanted, let go of when it is not. */
export class OwnSource {
  readonly state: Store<Own> = createStore<Own>(OFF);
  readonly #source: Source;
  #turn = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /** Wants it on, and opens it. Done when it is open, or when it is known why not. */
  async on(): Promise<void> {
    this.#set({ wanted: true });
    if (this.state.get().track?.readyState === "live" || this.state.get().opening) return;
    await this.#open();
  }

  /** Wants it off. `keep` leaves it open and silent, so that it is back at once. */
  off(keep = false): void {
    const { track } = this.state.get();
    this.#turn += 1;
    if (keep && track?.readyState === "live") {
      track.enabled = false;
      this.#set({ wanted: false, opening: false });
      return;
    }
    stop(track);
    this.state.set(OFF);
  }

  /** Takes another one, if it is open. */
  async change(): Promise<void> {
    if (this.state.get().track) await this.#open();
  }

  async #open(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#set({ opening: true, trouble: null });
    const id = choices.get()[this.#source === "microphone" ? "microphoneId" : "cameraId"];
    try {
      const track = await open(this.#source, id);
      if (turn !== this.#turn) {
        track.stop();
        return;
      }
      track.addEventListener("ended", () => this.#ended(track));
      track.enabled = this.state.get().wanted;
      const before = this.state.get().track;
      this.#set({ track, opening: false });
      stop(before);
    } catch (error) {
      if (turn === this.#turn) this.#fail(navigator.mediaDevices ? troubleOf(error) : "insecure");
    }
  }

  #fail(trouble: Trouble): void {
    stop(this.state.get().track);
    this.state.set({ wanted: false, track: null, opening: false, trouble });
  }

  /** It was pulled out or taken away: another one will do, if there is one. */
  #ended(track: MediaStreamTrack): void {
    if (this.state.get().track !== track) return;
    const { wanted } = this.state.get();
    this.#set({ track: null });
    const { microphones, cameras } = devices.get();
    const others = this.#source === "microphone" ? microphones : cameras;
    if (!wanted) return;
    if (others.length > 0) void this.#open();
    else this.#fail("unplugged");
  }

  #set(change: Partial<Own>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}

function stop(track: MediaStreamTrack | null): void {
  track?.stop();
}

/** One's own screen, while it is shared. */
export class OwnScreen {
  readonly state: Store<Shared | null> = createStore<Shared | null>(null);

  /** Asks what to share. Throws what the browser throws, unless the person only thought better of it. */
  async on(): Promise<void> {
    const shared = await openScreen();
    if (!shared) return;
    this.off();
    // The browser has a button of its own to stop.
    shared.picture.addEventListener("ended", () => {
      if (this.state.get() === shared) this.off();
    });
    this.state.set(shared);
  }

  off(): void {
    const shared = this.state.get();
    this.state.set(null);
    shared?.picture.stop();
    shared?.sound?.stop();
  }
}

/** What this window sends into calls. One window is in one call at most. */
export const own = {
  microphone: new OwnSource("microphone"),
  camera: new OwnSource("camera"),
  screen: new OwnScreen(),
} as const;

/** Lets go of everything. */
export function release(): void {
  own.microphone.off();
  own.camera.off();
  own.screen.off();
}
