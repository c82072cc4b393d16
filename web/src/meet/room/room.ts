import { ConnectionQuality, DisconnectReason, Room, RoomEvent, setLogLevel, Track } from "livekit-client";
import { ProblemError, Unreachable } from "#/core/api/errors";
import type { CallTicket } from "#/core/api/schema";
import { connection, keeper } from "#/core/journal/live";
import { createStore, type Store } from "#/core/store";
import { type Effect, type Input, initial, type State, step } from "../call/machine";
import { keepCall } from "../call/tab";
import { own, release } from "../media/own";
import type { Sound } from "../media/sound";
import { enterCall, leaveCall } from "../queries";
import { type Member, membersOf } from "./members";
import { Receiving, type Watching } from "./receiving";
import { livingCall, mustBeginAnew, resumePause } from "./resuming";
import { Sending } from "./sending";
import { Speakers } from "./speakers";
import type { Size } from "./subscriptions";

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

const LINE = {
  [ConnectionQuality.Excellent]: "good",
  [ConnectionQuality.Good]: "good",
  [ConnectionQuality.Poor]: "poor",
  [ConnectionQuality.Lost]: "lost",
  [ConnectionQuality.Unknown]: "good",
} as const;
// What goes wrong is told by its events, and shown; a console is read by nobody.
setLogLevel("silent");

/**
 * A space's call as this window is in it: the way in, what is received, what is sent. Made for one call; `leave` and the
 * end of the call let go of everything.
 */
export class CallRoom {
  readonly space: string;
  readonly view: Store<View>;
  readonly speakers: Speakers;
  readonly #receiving: Receiving;
  /** Whether pictures stand still: the connection that carried them is gone, and another one is being made. */
  readonly frozen: Store<boolean> = createStore(false);
  #state: State = initial;
  #room: Room | null = null;
  #sending: Sending | null = null;
  #asking = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #scheduled = false;
  #hidden = false;
  readonly #stops: (() => void)[];

  constructor(space: string) {
    this.space = space;
    this.speakers = new Speakers(
      () => this.#changed(),
      () => this.#tellSpeaking(),
    );
    this.#receiving = new Receiving(this.speakers);
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
    document.addEventListener("visibilitychange", () => this.#changed(), { signal });
    this.#stops = [
      () => away.abort(),
      keeper.house.subscribe(() => this.#lookAtHouse()),
      keeper.onFleeting(({ e }) => {
        if (e.type !== "meet.call.speaking" || e.call_id !== this.#state.callId) return;
        this.speakers.told(`${e.person_id}/${e.device_id}`);
      }),
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

  /** What one hears. */
  get sound(): Sound {
    return this.#receiving.sound;
  }

  /** Somebody's camera is on screen; one's own needs no telling. */
  watch(identity: string, size: Size): Watching {
    return this.#receiving.watch(identity, size, () => this.#changed());
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
      if (only !== null && (await livingCall(this.space)) !== only) {
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

  async #lookWhatBroke(room: Room): Promise<void> {
    const waits = (): boolean => room === this.#room && this.#state.phase === "resuming";
    if (await mustBeginAnew(room, this.space, this.#state.callId, waits)) this.#dispatch({ type: "lost" });
  }

  async #connect(ticket: CallTicket): Promise<void> {
    const room: Room = new Room({
      // What is received, and how large, is ours to say (`subscriptions.ts`).
      adaptiveStream: false,
      dynacast: true,
      stopLocalTrackOnUnpublish: false,
      disconnectOnPageLeave: false,
      reconnectPolicy: {
        nextRetryDelayInMs: ({ retryCount, elapsedMs }) => resumePause(room, retryCount, elapsedMs),
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
        if (publication.source === Track.Source.Microphone) this.speakers.opened(participant.identity);
      })
      .on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
        const loudest = speakers.map(({ identity }) => identity);
        if (mine()) this.speakers.hear(loudest, room.localParticipant.identity);
      });
  }

  /** See `Speakers`: only where not everybody is received. */
  #tellSpeaking(): void {
    const { callId } = this.#state;
    if (this.#receiving.few && callId !== null) connection.tell({ t: "meet.speaking", call_id: callId });
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
    this.#receiving.clear();
    this.speakers.clear();
    if (room) this.frozen.set(true);
    // It may be half open, or long dead: whatever it says, we are done with it.
    room?.disconnect(false).catch(() => undefined);
  }

  #release(): void {
    clearTimeout(this.#retry);
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
      this.#receiving.renew(room);
      this.#keep();
    }
    const { few } = this.#receiving;
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
