"""A real participant: WebRTC in this process, with a tone for a voice."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

import numpy as np
from livekit import rtc

RATE = 48_000
_FRAME = RATE // 50


class Participant:
    """Somebody connected straight to the media server, as whom a token says."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.replace("http", "ws", 1)
        self.token = token
        self.room = rtc.Room()
        self.gone: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.heard: dict[str, float] = {}
        """By identity, the loudest frequency heard last, in hertz; 0 for silence."""
        self._tasks: set[asyncio.Task[None]] = set()
        self.room.on("disconnected", self._on_gone)
        self.room.on("track_subscribed", self._on_track)

    async def connect(self) -> None:
        options = rtc.RoomOptions(auto_subscribe=True)
        async with asyncio.timeout(15):
            await self.room.connect(self.url, self.token, options)

    async def speak(self, hertz: int, *, within: float = 6) -> None:
        """Publish a microphone with a tone; raises TimeoutError when the media server does not take it."""
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("voice", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        async with asyncio.timeout(within):
            await self.room.local_participant.publish_track(track, options)
        self._do(self._sound(source, hertz))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(3):
                await self.room.disconnect()

    async def _sound(self, source: rtc.AudioSource, hertz: int) -> None:
        at = 0
        while True:
            moments = (np.arange(_FRAME) + at) / RATE
            samples = (np.sin(2 * np.pi * hertz * moments) * 12_000).astype(np.int16)
            await source.capture_frame(rtc.AudioFrame(samples.tobytes(), RATE, 1, _FRAME))
            at += _FRAME

    def _on_gone(self, reason: Any) -> None:
        if not self.gone.done():
            self.gone.set_result(reason)

    def _on_track(self, track: Any, _publication: Any, participant: Any) -> None:
        if isinstance(track, rtc.RemoteAudioTrack):
            self._do(self._listen(track, participant.identity))

    async def _listen(self, track: rtc.RemoteAudioTrack, identity: str) -> None:
        held = np.zeros(0, dtype=np.int16)
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            held = np.concatenate([held, np.frombuffer(event.frame.data, dtype=np.int16)])[-RATE // 5 :]
            if len(held) == RATE // 5:
                self.heard[identity] = _loudest(held)

    def _do(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)


def _loudest(samples: Any) -> float:
    if np.abs(samples).mean() < 50:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * RATE / len(samples))


@contextlib.asynccontextmanager
async def joined(url: str, *tokens: str) -> AsyncGenerator[list[Participant]]:
    """Participants, connected, and gone afterwards."""
    participants = [Participant(url, token) for token in tokens]
    try:
        await asyncio.gather(*(p.connect() for p in participants))
        yield participants
    finally:
        await asyncio.gather(*(p.close() for p in participants))
