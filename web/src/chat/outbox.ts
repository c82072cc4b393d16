import type { Content } from "#/core/api/content";
import { ProblemError } from "#/core/api/errors";
import { newId } from "#/core/api/ids";
import type { FileView, MessageView, ProblemDetails, SendFrame } from "#/core/api/schema";
import { createStore, type Store } from "#/core/store";

/** A message of one's own that is not, or not yet seen to be, in the channel. */
export type Pending = {
  readonly client_id: string;
  readonly channel_id: string;
  readonly content: Content;
  readonly files: readonly FileView[];
  readonly made_at: string;
  /** On its way; on the server's disk, and its event not heard yet; refused for good, with the problem. */
  readonly state: "waiting" | "sent" | "failed";
  /** Once sent. */
  readonly message: MessageView | null;
  /** Once failed. */
  readonly problem: ProblemDetails | null;
};

/** Pending messages by channel, in the order of writing. */
export type Pendings = { readonly [channel: string]: readonly Pending[] };

export type Outbox = {
  readonly pendings: Store<Pendings>;
  /** Puts a message on its way; gives its client id. */
  send: (channel: string, content: Content, files?: readonly FileView[]) => string;
  /** Takes up what was written before this page: it goes before what was written since, and out if it waits. */
  restore: (before: readonly Pending[]) => void;
  /** Tries once more what was refused. */
  retry: (channel: string, clientId: string) => void;
  /** Takes away what was refused. */
  discard: (channel: string, clientId: string) => void;
  /** The channel shows it now. */
  arrived: (message: MessageView) => void;
  clear: () => void;
};

/** How a message is sent: resolves once it is on the disk, survives lost lines, rejects with ProblemError. */
export type Send = (frame: Omit<SendFrame, "n">) => Promise<MessageView>;

/** What the server may take a little later. */
const LATER = new Set(["too-many", "unavailable", "internal"]);
const TRIES_MOST = 6;
const AGAIN_MS = 1_000;
const AGAIN_MOST_MS = 15_000;
/** A message that arrived stays this long beside the real one, which hides it: lists are drawn a moment later. */
const LINGERS_MS = 1_000;
/** Should its event never come (the window was reloaded at the other end of it), it goes by itself. */
const FORGOTTEN_MS = 20_000;

/**
 * What one has written goes out by channel, one after the other, so that the order of writing is the order of the channel.
 * The same client id is the same message, however often it is told.
 */
export function createOutbox(send: Send): Outbox {
  const pendings = createStore<Pendings>({});
  const tails = new Map<string, Promise<void>>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let life = 0;

  function edit(channel: string, change: (list: readonly Pending[]) => readonly Pending[]): void {
    const { [channel]: before = [], ...rest } = pendings.get();
    const after = change(before);
    pendings.set(after.length > 0 ? { ...rest, [channel]: after } : rest);
  }

  function update(one: Pending, change: Partial<Pending>): void {
    edit(one.channel_id, (list) =>
      list.map((other) => (other.client_id === one.client_id ? { ...other, ...change } : other)),
    );
  }

  function remove(channel: string, clientId: string): void {
    edit(channel, (list) => list.filter(({ client_id }) => client_id !== clientId));
  }

  function removeIn(ms: number, channel: string, clientId: string): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      remove(channel, clientId);
    }, ms);
    timers.add(timer);
  }

  function enqueue(one: Pending): void {
    const mine = life;
    const before = tails.get(one.channel_id) ?? Promise.resolve();
    const next = before.then(() => (mine === life ? deliver(one, mine) : undefined));
    tails.set(one.channel_id, next);
  }

  async function deliver(one: Pending, mine: number): Promise<void> {
    for (let tries = 1; mine === life; tries += 1) {
      try {
        const message = await send({
          t: "chat.send",
          channel_id: one.channel_id,
          client_id: one.client_id,
          content: one.content,
          files: one.files.map(({ id }) => id),
        });
        if (mine !== life) return;
        update(one, { state: "sent", message });
        removeIn(FORGOTTEN_MS, one.channel_id, one.client_id);
        return;
      } catch (error) {
        // Anything else than a refusal means that the session is over, and the outbox with it.
        if (mine !== life || !(error instanceof ProblemError)) return;
        if (!LATER.has(error.code) || tries >= TRIES_MOST) {
          update(one, { state: "failed", problem: error.details });
          return;
        }
        const asked = (error.details.retry_after_s ?? 0) * 1_000;
        await pause(Math.max(asked, Math.min(AGAIN_MOST_MS, AGAIN_MS * 2 ** (tries - 1))));
      }
    }
  }

  return {
    pendings,
    send(channel, content, files = []) {
      const one: Pending = {
        client_id: newId(),
        channel_id: channel,
        content,
        files,
        made_at: new Date().toISOString(),
        state: "waiting",
        message: null,
        problem: null,
      };
      edit(channel, (list) => [...list, one]);
      enqueue(one);
      return one.client_id;
    },
    restore(before) {
      const here = new Set(Object.values(pendings.get()).flatMap((list) => list.map((one) => one.client_id)));
      const fresh = before.filter(({ client_id }) => !here.has(client_id));
      for (const channel of new Set(fresh.map(({ channel_id }) => channel_id))) {
        edit(channel, (list) => [...fresh.filter(({ channel_id }) => channel_id === channel), ...list]);
      }
      for (const one of fresh) if (one.state === "waiting") enqueue(one);
    },
    retry(channel, clientId) {
      const one = pendings.get()[channel]?.find(({ client_id }) => client_id === clientId);
      if (one?.state !== "failed") return;
      const again: Pending = { ...one, state: "waiting", problem: null };
      // It goes to the end: what was written after it may be out already.
      edit(channel, (list) => [...list.filter(({ client_id }) => client_id !== clientId), again]);
      enqueue(again);
    },
    discard: remove,
    arrived(message) {
      const one = pendings
        .get()
        [message.channel_id]?.find(({ client_id }) => client_id === message.client_id);
      if (!one) return;
      if (one.state !== "sent") update(one, { state: "sent", message, problem: null });
      removeIn(LINGERS_MS, message.channel_id, message.client_id);
    },
    clear() {
      life += 1;
      tails.clear();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      pendings.set({});
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What of one's own is to be shown after the messages of a window: what it does not show itself. */
export function shownPendings(
  pendings: readonly Pending[],
  window: { readonly messages: readonly MessageView[]; readonly after: boolean } | undefined,
): readonly Pending[] {
  if (pendings.length === 0) return pendings;
  const shown = new Set(window?.messages.map(({ client_id }) => client_id));
  // Where the end is not in sight, what is out has its place further down.
  return pendings.filter(
    ({ client_id, state }) => !shown.has(client_id) && !(state === "sent" && window?.after),
  );
}
