import {
  ConnectionQuality,
  DisconnectReason,
  type RemoteTrackPublication,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
  VideoQuality,
} from "livekit-client";
import { api, take } from "#/core/api/client";
import { ProblemError, Unreachable } from "#/core/api/errors";
import type { CallTicket } from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { createStore, type Store } from "#/core/store";
import { type Effect, type Input, initial, type State, step } from "../call/machine";
import { keepCall } from "../call/tab";
import { own, release } from "../media/own";
import { Sound } from "../media/sound";
import { enterCall, leaveCall } from "../queries";
import { type Member, membersOf, published } from "./members";
import { Sending } from "./sending";
import { type Heard, type Layer, nothing, type Plan, plan, type Size } from "./subscriptions";

/** What the window shows of a call. */
export type View = {
  readonly state: State;
  /** Everybody in it, who came first first; oneself among them. */
  readonly members: readonly Member[];
  /** Whether one may send voice and picture. */
  readonly maySpeak: boolean;
  /** When the call began, in milliseconds; null before one is in it. */
  readonly startedAt: number | null;
  /** How one's own line does, as the media server sees it. */
  readonly line: "good" | "poor" | "lost";
  /** Whether only the last speakers are heard, for there are many. */
  readonly few: boolean;
};

/** A camera on screen: say how large it is, and when it has gone. */
export type Watching = { readonly resize: (size: Size) => void; readonly stop: () => void };

const QUALITY: { readonly [layer in Layer]: VideoQuality } = {
  low: VideoQuality.LOW,
  medium: VideoQuality.MEDIUM,
  high: VideoQuality.HIGH,
};
const LINE = {
  [ConnectionQuality.Excellent]: "good",
  [ConnectionQuality.Good]: "good",
  [ConnectionQuality.Poor]: "poor",
  [ConnectionQuality.Lost]: "lost",
  [ConnectionQuality.Unknown]: "good",
} as const;
/** While voices flow without it, the signalling is given this long to come back; then all of it is made anew. */
const RESUME_MS = 60_000;
const RESUME_PAUSES_MS = [0, 200, 400, 700, 1_000];
/** How often it is asked what stands in the way of the signalling. */
const LOOK_MS = 300;
/** With both servers there, the signalling is back within this; else the media server has forgotten us. */
const RESUMES_WITHIN_MS = 1_200;

// What goes wrong is told by its events, and shown; a console is read by nobody.
setLogLevel("silent");

/**
 * A space's call as this window is in it: the way in, what is received, what is sent. Made for one call; `leave` and the
 * end of the call let go of everything.
 */
export class CallRoom {
  readonly space: string;
  readonly view: Store<View>;
  /** Who speaks now, the loudest first, by identity. Oneself among them. */
  readonly speaking: Store<readonly string[]> = createStore<readonly string[]>([]);
  /** When each was last heard, in `performance.now()`. */
  readonly spokeAt = new Map<string, number>();
  readonly sound = new Sound();
  /** Whether pictures stand still: the connection that carried them is gone, and another one is being made. */
  readonly frozen: Store<boolean> = createStore(false);
  #state: State = initial;
  #room: Room | null = null;
  #sending: Sending | null = null;
  #plan: Plan = nothing;
  #asking = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #scheduled = false;
  #hidden = false;
  readonly #shown = new Map<symbol, { identity: string; size: Size }>();
  readonly #stops: (() => void)[];

  constructor(space: string) {
    this.space = space;
    this.view = createStore<View>({
      state: initial,
      members: [],
      maySpeak: true,
      startedAt: null,
      line: "good",
      few: false,
    });
    const away = new AbortController();
    const { signal } = away;
    window.addEventListener("online", () => this.#dispatch({ type: "retry" }), { signal });
    window.addEventListener("pagehide", () => this.#hide(), { signal });
    window.addEventListener("pageshow", () => this.#comeBack(), { signal });
    document.addEventListener("visibilitychange", () => this.#receive(), { signal });
    this.#stops = [
      () => away.abort(),
      keeper.house.subscribe(() => this.#lookAtHouse()),
      own.microphone.state.subscribe(() => this.#changed()),
      own.camera.state.subscribe(() => this.#changed()),
      own.screen.state.subscribe(() => this.#changed()),
    ];
  }

  /** Goes in. Once: after the end another one is made. */
  enter(): void {
    this.#dispatch({ type: "enter" });
  }

  /** Leaves, and tells the server. */
  leave(): void {
    this.#dispatch({ type: "leave" });
  }

  /** Tries now, instead of after the pause. */
  retry(): void {
    this.#dispatch({ type: "retry" });
  }

  /** Somebody's camera is on screen; one's own needs no telling. */
  watch(identity: string, size: Size): Watching {
    const key = Symbol(identity);
    this.#shown.set(key, { identity, size });
    this.#changed();
    return {
      resize: (next) => {
        this.#shown.set(key, { identity, size: next });
        this.#changed();
      },
      stop: () => {
        this.#shown.delete(key);
        this.#changed();
      },
    };
  }

  /** What the browser knows of the connection, for tests and for who looks for a fault. */
  async report(): Promise<RTCStatsReport[]> {
    const engine = this.#room?.engine?.pcManager;
    if (!engine) return [];
    const asked = [engine.publisher, engine.subscriber].map((transport) => transport?.getStats());
    return (await Promise.all(asked)).filter((one) => one !== undefined);
  }

  // The way in and out.

  #dispatch(input: Input): void {
    const { state, effects } = step(this.#state, input);
    const before = this.#state;
    this.#state = state;
    for (const effect of effects) this.#do(effect);
    if (state !== before) this.#changed(true);
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case "ask":
        void this.#ask(effect.only);
        return;
      case "connect":
        void this.#connect(effect.ticket);
        return;
      case "drop":
        this.#drop();
        return;
      case "retryIn":
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => this.#dispatch({ type: "retry" }), effect.ms);
        return;
      case "tellLeft":
        // Who cannot tell it is missed by the media server a moment later.
        leaveCall(effect.callId).catch(() => undefined);
        return;
      case "release":
        this.#release();
        return;
    }
  }

  async #ask(only: string | null): Promise<void> {
    this.#asking += 1;
    const turn = this.#asking;
    const current = (): boolean => turn === this.#asking && this.#state.phase === "asking";
    const chance = Math.random();
    try {
      if (only !== null && (await this.#living()) !== only) {
        if (current()) this.#dispatch({ type: "ended" });
        return;
      }
      if (!current()) return;
      const ticket = await enterCall(this.space);
      if (current()) this.#dispatch({ type: "ticket", ticket });
      // One left while the call was being made: it must not wait for us.
      else if (this.#state.end === "left") leaveCall(ticket.call.id).catch(() => undefined);
    } catch (error) {
      if (!current()) return;
      if (error instanceof ProblemError) this.#dispatch({ type: "refused", problem: error.details, chance });
      else if (error instanceof Unreachable) this.#dispatch({ type: "unreachable", chance });
      else throw error;
    }
  }

  /**
   * The signalling broke. When it is our own server that is away, voices flow on and the library comes back to them by
   * itself. When it is the media server, nothing is left to come back to, which the library finds out last of all.
   */
  async #lookWhatBroke(room: Room): Promise<void> {
    let back = false;
    room.engine.once("signalResumed", () => {
      back = true;
    });
    const resuming = (): boolean => room === this.#room && this.#state.phase === "resuming" && !back;
    let bothSince: number | null = null;
    while (resuming()) {
      try {
        const engine = await take(api.GET("/api/calls/engine"));
        if (engine.state === "ready" && (await this.#living()) === this.#state.callId)
          await enterCall(this.space);
        else break;
        bothSince ??= performance.now();
        if (performance.now() - bothSince > RESUMES_WITHIN_MS) break;
      } catch (error) {
        // A refusal tells as much as an answer; silence, or a proxy's word for it, means that our server is away.
        if (error instanceof ProblemError && !error.code.startsWith("http-")) break;
        bothSince = null;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    if (resuming()) this.#dispatch({ type: "lost" });
  }

  /** The call that lives in the space now. */
  async #living(): Promise<string | null> {
    try {
      const path = { space_id: this.space };
      return (await take(api.GET("/api/spaces/{space_id}/call", { params: { path } }))).id;
    } catch (error) {
      if (error instanceof ProblemError && error.details.status === 404) return null;
      throw error;
    }
  }

  async #connect(ticket: CallTicket): Promise<void> {
    const room: Room = new Room({
      // What is received, and how large, is ours to say (`subscriptions.ts`).
      adaptiveStream: false,
      dynacast: true,
      stopLocalTrackOnUnpublish: false,
      disconnectOnPageLeave: false,
      reconnectPolicy: {
        nextRetryDelayInMs: ({ retryCount, elapsedMs }) =>
          carries(room) ? resumePause(retryCount, elapsedMs) : null,
      },
    });
    this.#room = room;
    let signalled = false;
    room.once(RoomEvent.SignalConnected, () => {
      signalled = true;
    });
    this.#listen(room);
    this.view.set({
      ...this.view.get(),
      maySpeak: ticket.may_speak,
      startedAt: Date.parse(ticket.call.started_at),
    });
    try {
      await room.connect(ticket.url, ticket.token, {
        autoSubscribe: false,
        // The media server may hold cameras back where the line is short: voices first.
        subscriberAllowPause: true,
        maxRetries: 0,
        peerConnectionTimeout: 8_000,
        websocketTimeout: 6_000,
      });
    } catch {
      if (room !== this.#room) return;
      this.#dispatch({ type: "failed", why: signalled ? "blocked" : "starting", chance: Math.random() });
      return;
    }
    if (room !== this.#room) return;
    this.#sending = new Sending(room);
    this.frozen.set(false);
    this.#dispatch({ type: "connected" });
  }

  #listen(room: Room): void {
    const changed = (): void => this.#changed();
    const mine = (): boolean => room === this.#room;
    const when = (input: Input): void => {
      if (mine()) this.#dispatch(input);
    };
    for (const event of CHANGES) room.on(event, changed);
    room
      .on(RoomEvent.SignalReconnecting, () => {
        when({ type: "resuming" });
        if (mine()) void this.#lookWhatBroke(room);
      })
      .on(RoomEvent.Reconnected, () => {
        when({ type: "resumed" });
        if (mine()) this.#sending?.check();
      })
      // The library would begin anew by its own slow clock and with an old ticket: ours is quicker.
      .on(RoomEvent.Reconnecting, () => queueMicrotask(() => when({ type: "lost" })))
      .on(RoomEvent.Disconnected, (reason) => queueMicrotask(() => this.#disconnected(room, reason)))
      .on(RoomEvent.ParticipantPermissionsChanged, () => this.#permitted(room))
      .on(RoomEvent.TrackUnmuted, (publication, participant) => {
        // Who opens their microphone is about to speak.
        if (publication.source === Track.Source.Microphone)
          this.spokeAt.set(participant.identity, performance.now());
      })
      .on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
        if (!mine()) return;
        const now = performance.now();
        const identities = speakers.map(({ identity }) => identity);
        for (const identity of [...identities, ...this.speaking.get()]) this.spokeAt.set(identity, now);
        this.speaking.set(identities);
        this.#changed();
      });
  }

  #disconnected(room: Room, reason: DisconnectReason | undefined): void {
    if (room !== this.#room || this.#hidden) return;
    if (reason === DisconnectReason.DUPLICATE_IDENTITY) this.#dispatch({ type: "replaced" });
    // Whether it is over, or one is no longer welcome, is asked of our own server.
    else this.#dispatch({ type: "lost" });
  }

  #permitted(room: Room): void {
    const maySpeak = room.localParticipant.permissions?.canPublish ?? true;
    if (room !== this.#room || maySpeak === this.view.get().maySpeak) return;
    if (!maySpeak) release();
    this.view.set({ ...this.view.get(), maySpeak });
  }

  #drop(): void {
    clearTimeout(this.#retry);
    const room = this.#room;
    this.#room = null;
    this.#sending?.stop();
    this.#sending = null;
    this.#plan = nothing;
    this.speaking.set([]);
    if (room) this.frozen.set(true);
    // It may be half open, or long dead: whatever it says, we are done with it.
    room?.disconnect(false).catch(() => undefined);
  }

  #release(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#again);
    for (const stop of this.#stops) stop();
    this.sound.close();
    release();
    keepCall(null);
  }

  /** Forgets the call without a word to the server: somebody signed out. */
  forget(): void {
    this.#asking += 1;
    this.#drop();
    this.#release();
  }

  /** The page goes: into nothing, or into the browser's memory, from which it may come back. */
  #hide(): void {
    this.#hidden = true;
    this.#room?.disconnect(false).catch(() => undefined);
  }

  #comeBack(): void {
    if (!this.#hidden) return;
    this.#hidden = false;
    this.#dispatch({ type: "lost" });
  }

  #lookAtHouse(): void {
    const house = keeper.house.get();
    const held = house?.spaces[this.space];
    if (house && !held?.abilities.includes("meet:call:join")) this.#dispatch({ type: "removed" });
    else this.#changed();
  }

  // What is received, and shown.

  /** Something moved; what follows is done once for all that moves together. */
  #changed(now = false): void {
    if (now) {
      this.#renew();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#renew();
    });
  }

  #renew(): void {
    const before = this.view.get();
    const room = this.#room;
    const inside = room !== null && (this.#state.phase === "in" || this.#state.phase === "resuming");
    // Between two connections everybody stays where they were.
    const members = inside ? membersOf({ room, call: this.#call(), before: before.members }) : before.members;
    const line = inside ? LINE[room.localParticipant.connectionQuality] : before.line;
    if (inside) {
      this.#receive();
      this.#keep();
    }
    const { few } = this.#plan;
    if (
      members !== before.members ||
      line !== before.line ||
      few !== before.few ||
      this.#state !== before.state
    ) {
      this.view.set({ ...this.view.get(), state: this.#state, members, line, few });
    }
  }

  #call() {
    const call = keeper.house.get()?.calls[this.space];
    return call?.id === this.#state.callId ? call : null;
  }

  #keep(): void {
    const { callId } = this.#state;
    if (callId === null) return;
    const [microphone, camera] = [own.microphone.state.get().wanted, own.camera.state.get().wanted];
    keepCall({ space: this.space, call: callId, microphone, camera });
  }

  /** Subscribes to what is to be received now, and to nothing else. */
  #receive(): void {
    const room = this.#room;
    if (!room || (this.#state.phase !== "in" && this.#state.phase !== "resuming")) return;
    const now = performance.now();
    const others = [...room.remoteParticipants.values()];
    const speaking = new Set(this.speaking.get());
    const heard = others.map((participant): Heard => {
      const microphone = published(participant, Track.Source.Microphone);
      const camera = published(participant, Track.Source.Camera);
      return {
        identity: participant.identity,
        person: participant.identity.slice(0, participant.identity.indexOf("/")),
        microphone: microphone ? (microphone.isMuted ? "muted" : "open") : "none",
        camera: camera !== undefined && !camera.isMuted,
        screen: published(participant, Track.Source.ScreenShare) !== undefined,
        spokeAt: this.spokeAt.get(participant.identity) ?? 0,
        speaking: speaking.has(participant.identity),
      };
    });
    this.#plan = plan(this.#plan, heard, this.#onScreen(), now);
    clearTimeout(this.#again);
    if (this.#plan.againIn !== null) this.#again = setTimeout(() => this.#receive(), this.#plan.againIn + 20);

    const voices = new Map<string, MediaStreamTrack>();
    for (const participant of others) {
      for (const publication of participant.trackPublications.values()) {
        const track = this.#subscribe(participant.identity, publication);
        if (track && publication.kind === Track.Kind.Audio) voices.set(publication.trackSid, track);
      }
    }
    this.sound.play(voices);
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

/** What may change whom one sees, and how. */
const CHANGES = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.TrackStreamStateChanged,
  RoomEvent.ConnectionQualityChanged,
] as const;

/** Whether voices flow, whatever the signalling does. */
const carries = (room: Room): boolean =>
  room.engine?.pcManager?.publisher.getConnectionState() === "connected";

/** How long until the signalling is tried again; null to begin anew. A little chance keeps a crowd apart. */
function resumePause(retryCount: number, elapsedMs: number): number | null {
  if (elapsedMs > RESUME_MS) return null;
  const pause = RESUME_PAUSES_MS[Math.min(retryCount, RESUME_PAUSES_MS.length - 1)] ?? 0;
  return pause + Math.random() * 100;
}
