import { useParams, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import ChannelPage from "./ChannelPage";

/** The page of a channel, as its address asks for it. */
export function ChatPage(): ReactElement {
  const { spaceId, channelId } = useParams({ from: "/house/spaces/$spaceId/chat/$channelId" });
  const { message } = useSearch({ from: "/house/spaces/$spaceId/chat/$channelId" });
  return <ChannelPage spaceId={spaceId} channelId={channelId} message={message ?? null} />;
}
