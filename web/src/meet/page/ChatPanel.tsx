import { lazy, type ReactElement, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { may, type SpaceRow, unreadOf } from "#/spaces/spaces";
import { SidePanel } from "#/ui/layer/SidePanel";
import { MessageBones } from "#/ui/state/Skeleton";
import styles from "./ChatPanel.module.css";

const ChannelPage = lazy(() => import("#/chat/ChannelPage"));

/** The channel that stands beside the call: the space's first one, if one may read it. */
export function useCallChat(row: SpaceRow): { readonly channel: string; readonly unread: number } | null {
  const [first] = row.channels;
  if (!first || !may(row.own, "chat:message:read")) return null;
  return { channel: first.channel.id, unread: unreadOf(first) };
}

/** The space's talk, beside the call: the same messages as on its page, and not a talk of its own that is lost after. */
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
    <SidePanel title={t("bar.chat")} onClose={onClose}>
      <div className={styles.fill}>
        <Suspense fallback={<MessageBones />}>
          <ChannelPage spaceId={row.id} channelId={channel} />
        </Suspense>
      </div>
    </SidePanel>
  );
}
