import type { MessageView, OwnChannel } from "#/core/api/schema";
import { changed, type House, type Reducers } from "#/core/journal/house";

/** What the events of chat make of the house: its channels, their last message, and how far one has read. */
export const chatReducers = {
  "chat.channel.changed": (house, { e: { channel } }) => {
    const before = house.channels[channel.id];
    const own: OwnChannel = { channel, read: before?.read ?? 0 };
    return { ...house, channels: { ...house.channels, [channel.id]: own } };
  },
  "chat.message.sent": (house, { e: { message } }) =>
    changed(house, "channels", message.channel_id, (own) => sent(own, message, house.me)),
  "chat.message.changed": (house, { e: { message } }) =>
    changed(house, "channels", message.channel_id, (own) =>
      own.channel.last?.id === message.id ? { ...own, channel: { ...own.channel, last: message } } : own,
    ),
  "chat.channel.read": (house, { e }) =>
    changed(house, "channels", e.channel_id, (own) => ({ ...own, read: Math.max(own.read, e.ordinal) })),
} satisfies Partial<Reducers>;

function sent(own: OwnChannel, message: MessageView, me: House["me"]): OwnChannel {
  // A channel told again with its newest message may be ahead of the messages told after it.
  const newest = message.ordinal >= own.channel.last_ordinal;
  return {
    channel: newest ? { ...own.channel, last_ordinal: message.ordinal, last: message } : own.channel,
    // Who writes has read what they wrote.
    read: message.author_id === me ? Math.max(own.read, message.ordinal) : own.read,
  };
}
