/** How often a level is looked at: an eye sees no more, and a call has better uses for the machine. */
const EVERY_MS = 66;
/** Below this a microphone gives silence, in decibels of full scale. */
const FLOOR_DB = -60;
const CEILING_DB = -12;

let context: AudioContext | null = null;

/** The one audio context of the window: browsers give only a few. */
export function audioContext(): AudioContext {
  context ??= new AudioContext({ latencyHint: "interactive" });
  if (context.state === "suspended") context.resume().catch(() => undefined);
  return context;
}

/**
 * Tells how loud a track is, from 0 to 1, some fifteen times a second; gives the way to stop. The caller writes it to the
 * page directly: a level is not worth a rendering.
 */
export function watchLevel(track: MediaStreamTrack, tell: (level: number) => void): () => void {
  const audio = audioContext();
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let shown = 0;
  const timer = setInterval(() => {
    if (document.visibilityState === "hidden") return;
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / samples.length + 1e-12);
    const level = Math.min(1, Math.max(0, (decibels - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
    // Up at once, down slowly: a bar that jumps is not read.
    shown = level > shown ? level : Math.max(level, shown - 0.08);
    tell(shown);
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
    tell(0);
  };
}
