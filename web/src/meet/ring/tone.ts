import { audioContext } from "../media/level";

/** The notes of a tone, in hertz, and when each begins, in seconds; the whole is said again every `every` seconds. */
type Tone = {
  readonly notes: readonly (readonly [hertz: number, at: number])[];
  readonly every: number;
  readonly loud: number;
};

const TONES = {
  /** Somebody calls: two soft notes, as of a wooden bar, a fourth apart, twice. */
  incoming: {
    notes: [
      [523.25, 0],
      [698.46, 0.22],
      [523.25, 0.7],
      [698.46, 0.92],
    ],
    every: 3.2,
    loud: 0.09,
  },
  /** One calls, and waits. */
  outgoing: { notes: [[392, 0]], every: 3.5, loud: 0.035 },
} as const satisfies { [name: string]: Tone };

const FADES_S = 0.9;
const AHEAD_MS = 250;

/** Two windows of one browser that ring do not ring against each other: the first one has the tone. */
const LOCK = "bastide.tone";

/** Plays a tone until the way to stop is called. Silent where the browser wants a click first. */
export function startTone(name: keyof typeof TONES): () => void {
  let stop = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let silence = (): void => undefined;
  let stopped = false;
  const play = (): Promise<void> => {
    if (!stopped) silence = sound(TONES[name]);
    return over;
  };
  if (navigator.locks) {
    navigator.locks
      .request(LOCK, { ifAvailable: true }, (lock) => (lock ? play() : undefined))
      .catch(() => undefined);
  } else void play();
  return () => {
    stopped = true;
    silence();
    stop();
  };
}

function sound({ notes, every, loud }: Tone): () => void {
  const audio = audioContext();
  const master = audio.createGain();
  master.gain.value = loud;
  master.connect(audio.destination);
  let next = audio.currentTime + 0.05;
  const ahead = (): void => {
    // A context that was held back does not pile up what it would have played.
    if (audio.state !== "running") next = audio.currentTime + 0.05;
    while (audio.state === "running" && next < audio.currentTime + (2 * AHEAD_MS) / 1000) {
      for (const [hertz, at] of notes) note(audio, master, hertz, next + at);
      next += every;
    }
  };
  ahead();
  const timer = setInterval(ahead, AHEAD_MS);
  return () => {
    clearInterval(timer);
    master.gain.setTargetAtTime(0, audio.currentTime, 0.03);
    setTimeout(() => master.disconnect(), 300);
  };
}

/** One soft note: quick to come, slow to go, with a little of its octave. */
function note(audio: AudioContext, to: AudioNode, hertz: number, at: number): void {
  for (const [multiple, share] of [
    [1, 1],
    [2, 0.18],
  ] as const) {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.frequency.value = hertz * multiple;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(share, at + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.0005, at + FADES_S / multiple);
    oscillator.connect(gain).connect(to);
    oscillator.start(at);
    oscillator.stop(at + FADES_S);
  }
}
