import { createStore, type Store } from "#/core/store";
import { canChooseSpeaker, choices } from "./devices";

/*
 * The voices one hears. Each plays in an element of its own, outside of React, so that a page that changes cuts nobody
 * off.
 */

type Playing = { readonly element: HTMLAudioElement; readonly track: MediaStreamTrack };

/** Plays what is received, through the speaker that was chosen. */
export class Sound {
  /** Whether the browser wants a click before it plays. */
  readonly blocked: Store<boolean> = createStore(false);
  readonly #playing = new Map<string, Playing>();
  readonly #stop: () => void;

  constructor() {
    this.#stop = choices.subscribe(() => {
      for (const { element } of this.#playing.values()) route(element);
    });
  }

  /** Plays exactly these, by names that stay the same for the same voice. */
  play(wanted: ReadonlyMap<string, MediaStreamTrack>): void {
    for (const [name, { element, track }] of this.#playing) {
      if (wanted.get(name) === track) continue;
      this.#playing.delete(name);
      element.srcObject = null;
    }
    for (const [name, track] of wanted) {
      if (this.#playing.has(name)) continue;
      const element = new Audio();
      element.srcObject = new MediaStream([track]);
      this.#playing.set(name, { element, track });
      route(element);
      this.#start(element);
    }
  }

  /** Plays what the browser held back; to be called from a click. */
  unblock(): void {
    this.blocked.set(false);
    for (const { element } of this.#playing.values()) this.#start(element);
  }

  close(): void {
    this.#stop();
    this.play(new Map());
  }

  #start(element: HTMLAudioElement): void {
    element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.blocked.set(true);
      // Else it was stopped before it began.
    });
  }
}

function route(element: HTMLAudioElement): void {
  if (!canChooseSpeaker) return;
  const { speakerId } = choices.get();
  if (element.sinkId === speakerId) return;
  // A speaker that is not there any more: the system's own does.
  element.setSinkId(speakerId).catch(() => element.setSinkId("").catch(() => undefined));
}
