import { Link, Navigate, useParams } from "@tanstack/react-router";
import { type ReactElement, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { MessageLine } from "#/chat/MessageLine";
import { openNewChannel } from "#/chat/newChannel";
import { words } from "#/core/api/content";
import { useFormat } from "#/core/format/useFormat";
import { IconButton } from "#/ui/control/IconButton";
import { IconHash, IconPlus } from "#/ui/icon";
import { EmptyState } from "#/ui/state/EmptyState";
import { Time, UnreadMark } from "#/ui/text/Marks";
import styles from "./SpaceIndex.module.css";
import { may, unreadOf } from "./spaces";
import { useSpace } from "./useSpaces";

const phone = matchMedia("(max-width: 599px)");

function subscribePhone(listener: () => void): () => void {
  phone.addEventListener("change", listener);
  return () => phone.removeEventListener("change", listener);
}

/** A space's first page: its first tool; on a phone, where there is no list beside it, its channels. */
export function SpaceIndex(): ReactElement | null {
  const { spaceId } = useParams({ from: "/house/spaces/$spaceId" });
  const { t } = useTranslation("spaces");
  const { t: chat } = useTranslation("chat");
  const format = useFormat();
  const row = useSpace(spaceId);
  const small = useSyncExternalStore(subscribePhone, () => phone.matches);
  if (!row) return null;
  const [first] = row.channels;
  const params = { spaceId };
  if (first && !(small && row.channels.length > 1)) {
    // What is unread comes first; else the first channel.
    const best = row.channels.find((own) => unreadOf(own) > 0) ?? first;
    return (
      <Navigate
        to="/spaces/$spaceId/chat/$channelId"
        params={{ ...params, channelId: best.channel.id }}
        replace
      />
    );
  }
  if (!first && row.own.space.tools.includes("files") && may(row.own, "files:file:read")) {
    return <Navigate to="/spaces/$spaceId/files" params={params} replace />;
  }
  if (!first) return <EmptyState text={t("index.nothing")} />;
  return (
    <div className={styles.list}>
      {may(row.own, "chat:channel:create") && (
        <header className={styles.head}>
          <h2>{t("settings.channels")}</h2>
          <IconButton
            icon={IconPlus}
            label={chat("channel.newIn", { name: row.name })}
            side="left"
            aria-haspopup="dialog"
            onClick={() => openNewChannel(row.id)}
          />
        </header>
      )}
      <ul>
        {row.channels.map((own) => {
          const { id, name, last } = own.channel;
          const unread = unreadOf(own);
          return (
            <li key={id}>
              <Link
                to="/spaces/$spaceId/chat/$channelId"
                params={{ ...params, channelId: id }}
                className={styles.row}
                data-unread={unread > 0 || undefined}
              >
                <IconHash size={22} className={styles.hash} />
                <span className={styles.name}>{words(name)}</span>
                {last ? (
                  <Time at={Date.parse(last.sent_at)}>{format.shortTime(Date.parse(last.sent_at))}</Time>
                ) : (
                  <span />
                )}
                <span className={styles.last}>{last ? <MessageLine message={last} /> : t("own.empty")}</span>
                <span className={styles.mark}>
                  <UnreadMark count={unread} />
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
