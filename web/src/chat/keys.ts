/** What of chat is kept beside the house. */
export const chatKeys = {
  windows: ["chat", "messages"] as const,
  window: (channel: string) => ["chat", "messages", channel] as const,
};
