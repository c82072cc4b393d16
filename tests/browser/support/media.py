"""Voices and pictures for fake devices, and how to know them again from what others receive.

Each person has a voice and a colour. The voice is French speech (espeak-ng) with short beeps at a pitch of its own:
speech passes all that browsers do to a microphone, and the pitch says whose it is. Both are told from the decoded signal,
as an ear and an eye would: `hears` looks for the pitches in what plays, `sees` for the colours in what is drawn.
"""

import asyncio
import colorsys
import wave
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from playwright.async_api import Page

RATE: Final = 48_000
# Pitches that none is a multiple of another, in the middle of what a microphone's clean-up lets through, in hertz.
PITCHES: Final = (520, 690, 910, 1210, 1610, 2140)
_HUES: Final = (0, 120, 240, 60, 300, 180)
_WORDS: Final = (
    "Bonjour à tous. La cote à Pont-Lévy est de deux mètres quatre-vingt-onze, sans débordement prévu en amont. "
    "Les deux équipes d’astreinte sont prévenues, et le hangar technique ouvre à dix heures."
)


class Likeness(msgspec.Struct, frozen=True):
    """What somebody sounds and looks like: files for Chromium's fake devices, and how to know them."""

    pitch: int
    """Of their beeps, in hertz."""
    colour: tuple[int, int, int]
    """Of their picture: red, green, blue, 0 to 255."""
    voice: Path
    picture: Path


async def likeness(folder: Path, number: int) -> Likeness:
    """Make somebody's voice and picture, once a folder. `number` counts people from 0; there are six."""
    pitch, colour = PITCHES[number], _colour(_HUES[number])
    voice, picture = folder / f"voice-{number}.wav", folder / f"picture-{number}.y4m"
    await asyncio.gather(_voice(voice, number, pitch), _picture(picture, colour))
    return Likeness(pitch, colour, voice, picture)


def _colour(hue: int) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue / 360, 0.45, 0.85)
    return round(red * 255), round(green * 255), round(blue * 255)


async def _voice(path: Path, number: int, pitch: int) -> None:
    if await asyncio.to_thread(path.exists):
        return
    speech = path.with_suffix(".speech.wav")
    await _run("espeak-ng", "-v", "fr", "-p", str(20 + 12 * number), "-s", "150", "-w", str(speech), _WORDS)
    await asyncio.to_thread(_mix, speech, pitch, path)


def _mix(speech: Path, pitch: int, path: Path) -> None:
    """Write eight seconds of the speech with the beeps over it."""
    with wave.open(str(speech)) as file:
        rate = file.getframerate()
        said = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32768
    at = np.arange(RATE * 8) / RATE
    spoken = np.interp(at, np.arange(len(said)) / rate, said, right=0.0)
    # A beep of 160 ms four times a second: what lasted would be taken for noise and removed.
    beeps = 0.35 * np.sin(2 * np.pi * pitch * at) * (at % 0.25 < 0.16)
    part = path.with_suffix(".part.wav")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(0.5 * spoken + beeps, -1, 1) * 32767).astype("<i2").tobytes())
    part.replace(path)
    speech.unlink()


async def _picture(path: Path, colour: tuple[int, int, int]) -> None:
    if not await asyncio.to_thread(path.exists):
        await asyncio.to_thread(_paint, path, colour)


def _paint(path: Path, colour: tuple[int, int, int]) -> None:
    """Write a second of one colour at 360p as YUV4MPEG2: studio range, ITU-R BT.601."""
    red, green, blue = (part / 255 for part in colour)
    luma = 16 + 65.481 * red + 128.553 * green + 24.966 * blue
    over_blue = 128 - 37.797 * red - 74.203 * green + 112.0 * blue
    over_red = 128 + 112.0 * red - 93.786 * green - 18.214 * blue
    width, height, rate = 640, 360, 15
    planes = ((luma, width * height), (over_blue, width * height // 4), (over_red, width * height // 4))
    frame = b"FRAME\n" + b"".join(bytes([round(value)]) * size for value, size in planes)
    part = path.with_suffix(".part.y4m")
    part.write_bytes(f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420jpeg\n".encode() + frame * rate)
    part.replace(path)


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, f"{command[0]}: {said.decode(errors='replace')}"


def flags(own: Likeness | None) -> list[str]:
    """Give Chromium's flags for somebody's fake devices; None for somebody with neither microphone nor camera.

    Chromium holds its fake devices once a process: each person needs a browser of their own.
    """
    common = [
        # asked for a microphone or a camera, the browser says yes
        "--use-fake-ui-for-media-stream",
        # with both ends on one machine, and no other network
        "--allow-loopback-in-peer-connection",
        # who reloads the page has not clicked yet
        "--autoplay-policy=no-user-gesture-required",
        # who shares shares the whole screen, without a question
        "--auto-select-desktop-capture-source=Entire screen",
    ]
    if own is None:
        return [*common, "--use-fake-device-for-media-stream=device-count=0"]
    return [
        *common,
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={own.voice}",
        f"--use-file-for-fake-video-capture={own.picture}",
    ]


LISTENING: Final = """
(() => {
  // Every connection of the page, so that what arrives is read from the browser, and not from what the page says of it.
  const connections = (window.__connections = []);
  const Real = window.RTCPeerConnection;
  if (!Real) return;
  window.RTCPeerConnection = class extends Real {
    constructor(...given) {
      super(...given);
      connections.push(this);
    }
  };
  const receiving = (kind) =>
    connections
      .filter((one) => one.connectionState === "connected")
      .flatMap((one) => one.getReceivers())
      .map(({ track }) => track)
      .filter((track) => track?.kind === kind && track.readyState === "live");
  const ears = new Map();
  let audio = null;
  const ear = (track) => {
    audio ??= new AudioContext({ sampleRate: 48000 });
    let found = ears.get(track);
    if (!found) {
      // Chromium gives no sound of a remote track to a graph unless an element has it too.
      const element = new Audio();
      element.muted = true;
      element.srcObject = new MediaStream([track]);
      element.play().catch(() => undefined);
      const analyser = audio.createAnalyser();
      analyser.fftSize = 8192;
      analyser.smoothingTimeConstant = 0;
      audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      found = { analyser, element };
      ears.set(track, found);
    }
    return found.analyser;
  };
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  /** For each voice that arrives: the strongest level at each pitch and in all, in decibels, over `ms`. */
  window.__listen = async (pitches, ms) => {
    const heard = new Map();
    const until = performance.now() + ms;
    receiving("audio").map(ear);
    await audio?.resume();
    await pause(200);
    while (performance.now() < until) {
      for (const track of receiving("audio")) {
        const analyser = ear(track);
        const bins = new Float32Array(analyser.frequencyBinCount);
        const wave = new Float32Array(2048);
        analyser.getFloatFrequencyData(bins);
        analyser.getFloatTimeDomainData(wave);
        const power = wave.reduce((sum, one) => sum + one * one, 0) / wave.length;
        const loud = 10 * Math.log10(power + 1e-12);
        const width = 48000 / analyser.fftSize;
        const level = (hertz) => {
          const at = Math.round(hertz / width);
          return Math.max(-200, ...bins.slice(at - 1, at + 2));
        };
        const one = heard.get(track.id) ?? { loud: -120, pitches: pitches.map(() => -200), over: pitches.map(() => -200) };
        one.loud = Math.max(one.loud, loud);
        pitches.forEach((hertz, index) => {
          // Against what is beside it, so that loud speech is not taken for a beep.
          const beside = (level(hertz * 0.93) + level(hertz * 1.07)) / 2;
          one.pitches[index] = Math.max(one.pitches[index], level(hertz));
          one.over[index] = Math.max(one.over[index], level(hertz) - beside);
        });
        heard.set(track.id, one);
      }
      await pause(60);
    }
    return [...heard.values()];
  };
  /** The colour in the middle of each picture that arrives, and its size; nothing of those without a frame. */
  window.__look = async () => {
    const seen = [];
    for (const track of receiving("video").filter(({ muted }) => !muted)) {
      const video = document.createElement("video");
      video.muted = true;
      video.srcObject = new MediaStream([track]);
      await Promise.race([
        video.play().then(() => new Promise((resolve) => video.requestVideoFrameCallback(resolve))),
        pause(1500),
      ]).catch(() => undefined);
      if (video.videoWidth > 0 && video.readyState >= 2) {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [8, 8];
        const pen = canvas.getContext("2d");
        const [width, height] = [video.videoWidth, video.videoHeight];
        pen.drawImage(video, width / 4, height / 4, width / 2, height / 2, 0, 0, 8, 8);
        const [red, green, blue] = pen.getImageData(4, 4, 1, 1).data;
        seen.push({ colour: [red, green, blue], width: video.videoWidth, height: video.videoHeight });
      }
      video.srcObject = null;
    }
    return seen;
  };
  /** What the browser counts: for each thing that arrives or goes out, its kind, bytes, packets, frames, losses. */
  window.__count = async () => {
    const all = [];
    for (const one of connections.filter(({ connectionState }) => connectionState === "connected")) {
      for (const entry of (await one.getStats()).values()) {
        if (entry.type !== "inbound-rtp" && entry.type !== "outbound-rtp") continue;
        all.push({
          way: entry.type === "inbound-rtp" ? "in" : "out",
          kind: entry.kind,
          bytes: entry.bytesReceived ?? entry.bytesSent ?? 0,
          packets: entry.packetsReceived ?? entry.packetsSent ?? 0,
          lost: entry.packetsLost ?? 0,
          frames: entry.framesDecoded ?? entry.framesEncoded ?? 0,
          height: entry.frameHeight ?? 0,
          energy: entry.totalAudioEnergy ?? 0,
          active: entry.active ?? true,
        });
      }
    }
    return all;
  };
})();
"""
"""To be run in a page before its own scripts."""


class Voice(msgspec.Struct, frozen=True):
    """A voice as it arrived: its loudest moment in decibels of full scale, and what stood out at each pitch."""

    loud: float
    over: list[float]
    pitches: list[float]


class Seen(msgspec.Struct, frozen=True):
    """A picture as it arrived."""

    colour: tuple[int, int, int]
    width: int
    height: int


class Flow(msgspec.Struct, frozen=True):
    """What the browser counted of one thing that goes in or out."""

    way: str
    kind: str
    bytes: int
    packets: int
    lost: int
    frames: int
    height: int
    energy: float
    active: bool


_STANDS_OUT_DB: Final = 16.0
_AUDIBLE_DB: Final = -75.0
_SILENT_DB: Final = -65.0
_SAME_COLOUR: Final = 70


async def voices(page: Page, seconds: float = 1.6) -> list[Voice]:
    """Listen to all that arrives in a page for a while."""
    found: Any = await page.evaluate(
        "([pitches, ms]) => __listen(pitches, ms)", [list(PITCHES), seconds * 1000]
    )
    return msgspec.convert(found, list[Voice])


async def hears(page: Page, seconds: float = 1.6) -> set[int]:
    """Give the pitches of those who are heard in a page: of each voice, the one that stands out most."""
    heard: set[int] = set()
    for voice in await voices(page, seconds):
        over, level, pitch = max(zip(voice.over, voice.pitches, PITCHES, strict=True))
        if over > _STANDS_OUT_DB and level > _AUDIBLE_DB:
            heard.add(pitch)
    return heard


async def silent(page: Page, seconds: float = 1.6) -> bool:
    """Whether nothing at all is heard in a page, not even a breath."""
    return all(voice.loud < _SILENT_DB for voice in await voices(page, seconds))


async def pictures(page: Page) -> list[Seen]:
    """Look at all the pictures that arrive in a page."""
    return msgspec.convert(await page.evaluate("() => __look()"), list[Seen])


async def sees(page: Page, people: list[Likeness]) -> set[int]:
    """Give the pitches (they name people here) of those whose colour is seen in a page."""
    seen = [one.colour for one in await pictures(page)]
    return {person.pitch for person in people if any(alike(person.colour, colour) for colour in seen)}


def alike(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether two colours are the same to the eye, after a codec."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) < _SAME_COLOUR


async def flows(page: Page) -> list[Flow]:
    """Count what goes in and out of a page (`getStats`)."""
    return msgspec.convert(await page.evaluate("() => __count()"), list[Flow])


async def eventually(ask: Any, wanted: Any, within: float = 20) -> None:
    """Ask again until the answer is the wanted one; says the last answer when it never was."""
    loop = asyncio.get_running_loop()
    until = loop.time() + within
    while (answer := await ask()) != wanted:
        assert loop.time() < until, f"{answer!r} and not {wanted!r} after {within} s"
        await asyncio.sleep(0.2)
