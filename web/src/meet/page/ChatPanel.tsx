import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { may, type SpaceRow, unreadOf } from "#/spaces/spaces";
import { SidePanel } from "#/ui/layer/SidePanel";

/** The channel that stands beside the call: the space's first one, if one may read it. */
export function useCallChat(row: SpaceRow): { readonly channel: string; readonly unread: number } | null {
  const [first] = row.channels;
  if (!first || !may(row.own, "chat:message:read")) return null;
  return { channel: first.channel.id, unread: unreadOf(first) };
}

/** The space's talk, beside the call. */
export function ChatPanel({
  row,
  channel,
  onClose,
}: {
  row: SpaceRow;
  channel: string;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("meet");
  return (
    <SidePanel title={t("bar.chat")} about={row.name} onClose={onClose}>
      <Link to="/spaces/$spaceId/chat/$channelId" params={{ spaceId: row.id, channelId: channel }}>
        {t("ring.write")}
      </Link>
    </SidePanel>
  );
}
