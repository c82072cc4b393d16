import { readPreference, writePreference } from "#/core/preferences/stored";
import { createStore, type Store } from "#/core/store";

/** What one speaks into and is seen by. */
export type Source = "microphone" | "camera";

/** Why a microphone or a camera is not there. */
export type Trouble =
  /** The person, or their browser's settings, said no. */
  | "denied"
  /** There is none. */
  | "missing"
  /** Another program holds it. */
  | "busy"
  /** It was pulled out, and no other one is there. */
  | "unplugged"
  /** Browsers give none to a page that is not secure. */
  | "insecure"
  | "failed";

/** What the person chose on this device; the ids are the browser's own for this site. */
export type Choices = {
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly microphoneId: string;
  readonly cameraId: string;
  readonly speakerId: string;
};

/** Voice first: one comes in with a microphone and without a picture. */
const FIRST: Choices = { microphone: true, camera: false, microphoneId: "", cameraId: "", speakerId: "" };
const KEY = "call";

function read(): Choices {
  try {
    const kept: unknown = JSON.parse(readPreference(KEY) ?? "{}");
    if (typeof kept !== "object" || kept === null) return FIRST;
    const one = kept as { [name in keyof Choices]?: unknown };
    const word = (value: unknown): string => (typeof value === "string" ? value : "");
    return {
      microphone: one.microphone !== false,
      camera: one.camera === true,
      microphoneId: word(one.microphoneId),
      cameraId: word(one.cameraId),
      speakerId: word(one.speakerId),
    };
  } catch {
    // Half of it, or another program's: it is worth nothing.
    return FIRST;
  }
}

export const choices: Store<Choices> = createStore(read());

export function choose(change: Partial<Choices>): void {
  choices.set({ ...choices.get(), ...change });
  writePreference(KEY, JSON.stringify(choices.get()));
}

export type Device = { readonly id: string; readonly label: string };
export type Devices = {
  readonly microphones: readonly Device[];
  readonly cameras: readonly Device[];
  readonly speakers: readonly Device[];
};

export const devices: Store<Devices> = createStore<Devices>({ microphones: [], cameras: [], speakers: [] });

/** Whether the browser lets one choose where the sound comes out. */
export const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;
/** Whether the browser can share a screen; those of phones cannot. */
export const canShareScreen = (): boolean => navigator.mediaDevices?.getDisplayMedia !== undefined;

/** Names are only told once one microphone or camera has been allowed; without a name there is nothing to choose by. */
async function look(): Promise<void> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  const of = (kind: MediaDeviceKind): Device[] =>
    all
      .filter((one) => one.kind === kind && one.deviceId !== "" && one.label !== "")
      // Chromium lists the system's choice twice: the real one, and « communications », which is the same again.
      .filter((one) => one.deviceId !== "communications")
      .map((one) => ({ id: one.deviceId, label: one.label }));
  devices.set({ microphones: of("audioinput"), cameras: of("videoinput"), speakers: of("audiooutput") });
}

let watchers = 0;
const onChange = (): void => void look();

/** Keeps `devices` true until the way to stop is called. */
export function watchDevices(): () => void {
  watchers += 1;
  if (watchers === 1) navigator.mediaDevices?.addEventListener("devicechange", onChange);
  void look();
  return () => {
    watchers -= 1;
    if (watchers === 0) navigator.mediaDevices?.removeEventListener("devicechange", onChange);
  };
}

/** What went wrong, from what the browser threw. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof DOMException)) return "failed";
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } };
const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

/**
 * Opens a microphone or a camera: the one asked for, or any when that one is gone.
 *
 * Throws what the browser throws; see `troubleOf`.
 */
export async function open(source: Source, id: string): Promise<MediaStreamTrack> {
  if (!navigator.mediaDevices) throw new DOMException("not a secure page", "NotSupportedError");
  const ask = (one: string): Promise<MediaStream> => {
    // A device that one merely would like is not always the one that Chromium gives.
    const wanted = {
      ...(source === "microphone" ? VOICE : PICTURE),
      ...(one && { deviceId: { exact: one } }),
    };
    return navigator.mediaDevices.getUserMedia(
      source === "microphone" ? { audio: wanted } : { video: wanted },
    );
  };
  const stream = await ask(id).catch((error: unknown) => {
    if (id && troubleOf(error) === "missing") return ask("");
    throw error;
  });
  const [track] = stream.getTracks();
  if (!track) throw new DOMException("nothing in the stream", "NotFoundError");
  track.contentHint = source === "microphone" ? "speech" : "motion";
  void look();
  return track;
}

/** A shared screen, with its sound where the browser gives it. */
export type Shared = { readonly picture: MediaStreamTrack; readonly sound: MediaStreamTrack | null };

/** Asks what to share. Null when the person thought better of it. */
export async function openScreen(): Promise<Shared | null> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: 15, max: 15 }, width: { max: 2560 }, height: { max: 1600 } },
      // What one shares is heard by the others, and by oneself as before.
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const [picture] = stream.getVideoTracks();
    if (!picture) return null;
    // Letters first: text is to stay sharp when the line is short.
    picture.contentHint = "text";
    const [sound] = stream.getAudioTracks();
    if (sound) sound.contentHint = "music";
    return { picture, sound: sound ?? null };
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError"))
      return null;
    throw error;
  }
}
