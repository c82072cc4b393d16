import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, take } from "#/core/api/client";
import { plain } from "#/core/api/content";
import type { ChannelChange, ChannelView, MessageView, NewChannel } from "#/core/api/schema";
import { along } from "#/core/journal/along";
import { keeper, useHouse } from "#/core/journal/live";
import { queries } from "#/core/queries";
import { useAct } from "#/core/useAct";
import { chatKeys } from "./keys";
import { heardIn, type MessageWindow, renewal, windowOf, withEarlier, withLater } from "./window";

type Asked = {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit: number;
};

const PAGE = 50;
/** With more unread than this, the newest page would not show where the new ones begin. */
const UNREAD_SHOWN = 40;

const kept = (channel: string): MessageWindow | undefined =>
  queries.getQueryData<MessageWindow>(chatKeys.window(channel));

function keep(channel: string, change: (window: MessageWindow) => MessageWindow): void {
  queries.setQueryData<MessageWindow>(chatKeys.window(channel), (window) => window && change(window));
}

function ask(channel: string, asked: Asked): Promise<MessageWindow> {
  return along(
    keeper,
    async () => {
      const params = { path: { channel_id: channel }, query: asked };
      const page = await take(api.GET("/api/channels/{channel_id}/messages", { params }));
      keeper.learn(page.people);
      return windowOf(page);
    },
    (window, frame) => heardIn(window, frame, channel),
  );
}

/** Where a channel opens: at its end, or where what is new begins. */
function first(channel: string): Asked {
  const own = keeper.house.get()?.channels[channel];
  const unread = own ? own.channel.last_ordinal - own.read : 0;
  return own && unread > UNREAD_SHOWN ? { around: own.read + 1, limit: PAGE } : { limit: PAGE };
}

function open(channel: string): Promise<MessageWindow> {
  const window = kept(channel);
  return ask(channel, window ? renewal(window) : first(channel));
}

async function loadEarlier(channel: string): Promise<void> {
  const before = kept(channel)?.messages[0]?.ordinal;
  if (before === undefined || !kept(channel)?.before) return;
  const earlier = await ask(channel, { before, limit: PAGE });
  keep(channel, (window) => withEarlier(window, earlier));
}

async function loadLater(channel: string): Promise<void> {
  const after = kept(channel)?.messages.at(-1)?.ordinal;
  if (after === undefined || !kept(channel)?.after) return;
  const later = await ask(channel, { after, limit: PAGE });
  keep(channel, (window) => withLater(window, later));
}

/** Puts another window in the place of the one that is kept: around a message, or at the end. */
async function show(channel: string, ordinal: number | null): Promise<void> {
  const window = kept(channel);
  const inside =
    ordinal === null
      ? window?.after === false
      : window?.messages.some((message) => message.ordinal === ordinal);
  if (inside) return;
  const asked = ordinal === null ? { limit: PAGE } : { around: ordinal, limit: PAGE };
  queries.setQueryData(chatKeys.window(channel), await ask(channel, asked));
}

/** Shows the end of a channel: what one writes there is to be seen. */
export const showEnd = (channel: string): Promise<void> => show(channel, null);

keeper.onEvent((frame) => {
  for (const [key, window] of queries.getQueriesData<MessageWindow>({ queryKey: chatKeys.windows })) {
    const channel = String(key[2]);
    if (!window) continue;
    const after = heardIn(window, frame, channel);
    if (after !== window) queries.setQueryData(key, after);
  }
  if (frame.e.type === "spaces.space.lost") forgetLost();
});

// What is kept of a space that was asked for anew may have missed something.
keeper.onRenewed((stream) => {
  forgetLost();
  const house = keeper.house.get();
  const missed = (channel: string): boolean => house?.channels[channel]?.channel.space_id === stream;
  const predicate = ({ queryKey }: { queryKey: readonly unknown[] }): boolean => missed(String(queryKey[2]));
  queries.removeQueries({ queryKey: chatKeys.windows, type: "inactive", predicate });
  void queries.invalidateQueries({ queryKey: chatKeys.windows, predicate });
});

/** Lets go of channels that are no longer there. */
function forgetLost(): void {
  const house = keeper.house.get();
  queries.removeQueries({
    queryKey: chatKeys.windows,
    predicate: ({ queryKey }) => !house?.channels[String(queryKey[2])],
  });
}

export type Messages = {
  /** The run of messages that is loaded; undefined until the first answer. */
  readonly window: MessageWindow | undefined;
  /** The first answer: ProblemError or Unreachable. */
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly retry: () => void;
  /** Asks for what comes before or after; `error` says how that went. Calling it twice at once asks once. */
  readonly earlier: Loading;
  readonly later: Loading;
  /** Shows the run around a message. */
  readonly showAround: (ordinal: number) => Promise<void>;
  /** Shows the run that ends with the newest. */
  readonly showEnd: () => Promise<void>;
};

export type Loading = {
  readonly load: () => void;
  readonly isPending: boolean;
  readonly error: Error | null;
};

/** The messages of a channel, kept true by what happens. */
export function useMessages(channel: string): Messages {
  const query: UseQueryResult<MessageWindow> = useQuery(
    { queryKey: chatKeys.window(channel), queryFn: () => open(channel), gcTime: 15 * 60_000 },
    queries,
  );
  const earlier = useLoading(channel, loadEarlier);
  const later = useLoading(channel, loadLater);
  const { refetch } = query;
  return {
    window: query.data,
    error: query.error,
    isPending: query.isPending,
    retry: useCallback(() => void refetch(), [refetch]),
    earlier,
    later,
    showAround: useCallback((ordinal: number) => show(channel, ordinal), [channel]),
    showEnd: useCallback(() => showEnd(channel), [channel]),
  };
}

function useLoading(channel: string, load: (channel: string) => Promise<void>): Loading {
  const { mutate, isPending, error, variables } = useAct(load);
  const mine = variables === channel;
  return {
    load: useCallback(() => {
      if (!(isPending && mine)) mutate(channel);
    }, [mutate, isPending, mine, channel]),
    isPending: isPending && mine,
    error: mine ? error : null,
  };
}

// Channels and one's own messages.

/** A channel with how far one has read; null when there is none, or none to be seen. */
export function useChannel(channel: string) {
  return useHouse((house) => house.channels[channel] ?? null);
}

export const createChannel = (space: string, channel: NewChannel): Promise<ChannelView> =>
  take(api.POST("/api/spaces/{space_id}/channels", { params: { path: { space_id: space } }, body: channel }));

export const changeChannel = (channel: string, change: ChannelChange): Promise<ChannelView> =>
  take(api.PATCH("/api/channels/{channel_id}", { params: { path: { channel_id: channel } }, body: change }));

/** Puts other words into one's own message; shown at once when it is done. */
export async function editMessage(message: string, text: string): Promise<MessageView> {
  const edited = await take(
    api.PATCH("/api/messages/{message_id}", {
      params: { path: { message_id: message } },
      body: { content: plain(text) },
    }),
  );
  return shown(edited);
}

/** Takes a message's words away. */
export async function deleteMessage(message: string): Promise<MessageView> {
  return shown(
    await take(api.DELETE("/api/messages/{message_id}", { params: { path: { message_id: message } } })),
  );
}

/** The answer may be here before its event; the event then finds nothing left to do. */
function shown(message: MessageView): MessageView {
  keep(message.channel_id, (window) => {
    const index = window.messages.findIndex(({ id }) => id === message.id);
    return index < 0 ? window : { ...window, messages: window.messages.with(index, message) };
  });
  return message;
}
