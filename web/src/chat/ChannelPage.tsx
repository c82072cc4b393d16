import { type ReactElement, useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Unknown } from "#/app/pages/Unknown";
import { plain, words } from "#/core/api/content";
import type { OwnChannel } from "#/core/api/schema";
import { useHouse } from "#/core/journal/live";
import { draftOf } from "#/core/session/drafts";
import { Closed, useObstacleWords } from "#/spaces/Closed";
import { obstacle } from "#/spaces/obstacle";
import { may, type SpaceRow } from "#/spaces/spaces";
import { Unsealed } from "#/spaces/Unsealed";
import { useSpace } from "#/spaces/useSpaces";
import { useToasts } from "#/ui/layer/Toasts";
import { MessageBones, useLate } from "#/ui/state/Skeleton";
import { ChannelHeader } from "./ChannelHeader";
import styles from "./ChannelPage.module.css";
import { useAttaching } from "./composer/attaching";
import { Composer, ComposerClosed, type ComposerHandle } from "./composer/Composer";
import { DropZone } from "./composer/DropZone";
import { depart, departBy } from "./composer/departures";
import { Beginning } from "./list/Beginning";
import { MessageList } from "./list/MessageList";
import { useDoing } from "./list/useDoing";
import { useChannel, useMessages } from "./queries";
import { outbox, useSendMessage } from "./sending";
import { type Edits, useEntries } from "./useEntries";
import { useWords } from "./useWords";

/** A channel that was made a moment ago may be told of a moment after its page is opened. */
const COMES_MS = 1_500;

departBy((channel, text, files) => outbox.send(channel, plain(text), files));

/** A channel: its line, its messages, the field to write in. `message` is the one that a link leads to. */
export default function ChannelPage({
  spaceId,
  channelId,
  message = null,
}: {
  spaceId: string;
  channelId: string;
  message?: number | null;
}): ReactElement {
  const space = useSpace(spaceId);
  const own = useChannel(channelId);
  const here = own?.channel.space_id === spaceId ? own : null;
  const late = useLate(here === null, COMES_MS);
  if (space && !may(space.own, "chat:message:read")) return <Closed row={space} action="chat:message:read" />;
  if (space && here) return <Channel key={channelId} space={space} own={here} message={message} />;
  if (late) return <Unknown inside />;
  return (
    <div className={styles.coming}>
      <MessageBones count={9} />
    </div>
  );
}

function Channel({
  space,
  own,
  message,
}: {
  space: SpaceRow;
  own: OwnChannel;
  message: number | null;
}): ReactElement {
  const { t } = useTranslation("chat");
  const { t: refusals } = useTranslation("refusals");
  const me = useHouse((house) => house.me);
  const { id } = own.channel;
  const direct = space.own.space.kind === "direct";
  const name = direct ? space.name : words(own.channel.name);
  const messages = useMessages(id);
  const [edits, setEdits] = useState<Edits>({});
  const entries = useEntries(id, me, messages.window, edits);
  const [editing, setEditing] = useState<string | null>(null);
  const composer = useRef<ComposerHandle>(null);
  const attaching = useAttaching(space.id, id);
  const mayAttach = may(space.own, "files:file:upload") && may(space.own, "files:file:read");
  const obstacleWords = useObstacleWords();
  const maySend = may(space.own, "chat:message:send");
  const whyNot = obstacleWords(obstacle(space, "files:file:upload"));
  const silent = obstacle(space, "chat:message:send");
  const toasts = useToasts();
  const focusComposer = useCallback(() => composer.current?.focus(), []);
  const doing = useDoing({ spaceId: space.id, channelId: id, setEditing, setEdits, leave: focusComposer });
  const sendText = useSendMessage(id);
  const { placeholder, readers } = useWords(space, name, me);

  // One sees what one says, wherever one was reading.
  const [sent, setSent] = useState(0);

  const send = (text: string): void => {
    setSent((count) => count + 1);
    if (attaching.uploads.length === 0) sendText(text);
    else {
      depart(
        id,
        text,
        attaching.uploads.map((upload) => upload.id),
      );
      messages.showEnd().catch(() => undefined);
    }
  };

  const editLast = (): void => {
    const last = entries.findLast(
      (shown) => shown.authorId === me && shown.id !== null && !shown.deleted && shown.text !== "",
    );
    if (last && may(space.own, "chat:message:edit")) setEditing(last.key);
  };

  const attach = useCallback(
    (files: readonly File[]) => {
      if (mayAttach) attaching.attach(files);
      else toasts.show({ text: whyNot ?? t("compose.noFiles") });
      focusComposer();
    },
    [mayAttach, whyNot, attaching.attach, toasts, t, focusComposer],
  );

  const closedBy = (): string => {
    if (silent?.kind === "held") {
      return refusals(draftOf(me, id).trim() === "" ? "held.compose" : "held.composeKept");
    }
    if (direct) return t("compose.mayNotDirect");
    return silent?.kind === "reader" ? t("compose.mayNot") : (obstacleWords(silent) ?? t("compose.mayNot"));
  };

  const empty = messages.window !== undefined && !messages.window.before && entries.length === 0;
  return (
    <DropZone enabled={maySend} onFiles={attach} label={t("compose.drop")}>
      <ChannelHeader space={space} own={own} me={me} />
      <MessageList
        space={space}
        own={own}
        name={name}
        me={me}
        messages={messages}
        entries={entries}
        wanted={message}
        sent={sent}
        editing={editing}
        doing={doing}
        beginning={<Beginning space={space} own={own} name={name} me={me} empty={empty} />}
        onLeave={focusComposer}
      />
      {maySend ? (
        <Composer
          ref={composer}
          channelId={id}
          placeholder={placeholder}
          readers={readers}
          sealing={<Unsealed label={space.own.space.label} />}
          attaching={mayAttach ? attaching : null}
          onSend={send}
          onEditLast={editLast}
        />
      ) : (
        <ComposerClosed text={closedBy()} />
      )}
    </DropZone>
  );
}
