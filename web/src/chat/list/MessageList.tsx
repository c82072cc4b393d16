import {
  type ReactElement,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import type { OwnChannel } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { type SpaceRow, unreadOf } from "#/spaces/spaces";
import { IconArrowDown } from "#/ui/icon";
import { ErrorState } from "#/ui/state/ErrorState";
import { MessageBones } from "#/ui/state/Skeleton";
import { UnreadMark } from "#/ui/text/Marks";
import type { Messages } from "../queries";
import { useMarkRead, useNewLine } from "../reading";
import type { MessageWindow } from "../window";
import type { Doing } from "./Actions";
import { Feed } from "./Feed";
import styles from "./MessageList.module.css";
import { News } from "./News";
import { layOut } from "./rows";
import type { Shown } from "./shown";
import { type Seen, useScrollPlace } from "./useScrollPlace";

/** This near to what is loaded, the next page is asked for. */
const NEAR = 900;
/** Further than this share of the window from the end, there is a way back to it. */
const FAR = 0.9;

type MessageListProps = {
  space: SpaceRow;
  own: OwnChannel;
  name: string;
  me: string;
  messages: Messages;
  /** The messages that are shown, in order, those on their way last. */
  entries: readonly Shown[];
  /** The message of a link that led here. */
  wanted: number | null;
  /** How often something was said from here: each time, the end is shown. */
  sent: number;
  editing: string | null;
  doing: Doing;
  /** What stands at the very beginning of the channel. */
  beginning: ReactNode;
  /** Esc leads back to the field to write in. */
  onLeave: () => void;
};

/** Where the list begins when it is shown, or shown anew: `count` tells one jump from the next. */
type Jump = { readonly count: number; readonly to: "line" | "end" | number };

/** The messages of a channel, once there are some; their shape until then. */
export function MessageList(props: MessageListProps): ReactElement {
  const { t } = useTranslation("chat");
  const { own, messages } = props;
  // Where the new begins is settled as one comes in, before anything is read.
  const newFrom = useNewLine(own.channel.id);
  const { window, error, retry } = messages;
  if (window) return <Loaded {...props} window={window} newFrom={newFrom} />;
  return (
    <div className={styles.list}>
      {error ? (
        <ErrorState title={t("list.failed")} text={t("list.failedText")} onRetry={retry} />
      ) : (
        <div className={styles.bones}>
          <MessageBones count={9} />
        </div>
      )}
    </div>
  );
}

function Loaded({
  window,
  newFrom,
  ...props
}: MessageListProps & { window: MessageWindow; newFrom: number | null }): ReactElement {
  const { own, name, messages, entries, beginning } = props;
  const { t } = useTranslation("chat");
  const format = useFormat();
  const wanted = props.wanted === null ? null : Math.min(props.wanted, own.channel.last_ordinal);
  const begun = !window.before;
  const rows = useMemo(
    () => layOut(entries, newFrom, format.sameDay, begun),
    [entries, newFrom, format.sameDay, begun],
  );

  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [jump, setJump] = useState<Jump>({ count: 0, to: wanted ?? "line" });
  const jumpTo = useCallback((to: Jump["to"]) => setJump(({ count }) => ({ count: count + 1, to })), []);
  const [seen, setSeen] = useState<{ far: boolean; lastOrdinal: number | null }>({
    far: false,
    lastOrdinal: null,
  });
  const { earlier, later, showAround, showEnd } = messages;
  const { before, after } = window;
  const onMoved = useCallback(
    ({ above, below, lastOrdinal }: Seen): void => {
      if (before && above < NEAR && !earlier.error) earlier.load();
      if (after && below < NEAR && !later.error) later.load();
      const far = after || below > (scroller.current?.clientHeight ?? 0) * FAR;
      setSeen((known) => {
        const furthest = Math.max(known.lastOrdinal ?? 0, lastOrdinal ?? 0) || null;
        return known.far === far && known.lastOrdinal === furthest ? known : { far, lastOrdinal: furthest };
      });
    },
    [before, after, earlier, later],
  );
  const start = startOf(jump, entries);
  const place = useScrollPlace(scroller, content, String(jump.count), start, rows, onMoved);
  useMarkRead(own.channel.id, seen.lastOrdinal);

  // A link to a message: those around it come, then it is shown.
  useEffect(() => {
    if (wanted === null) return;
    let mounted = true;
    showAround(wanted)
      .then(() => mounted && jumpTo(wanted))
      .catch(() => mounted && jumpTo("line"));
    return () => {
      mounted = false;
    };
  }, [wanted, showAround, jumpTo]);

  const { sent } = props;
  const shownSent = useRef(sent);
  useLayoutEffect(() => {
    if (sent === shownSent.current) return;
    shownSent.current = sent;
    jumpTo("end");
  }, [sent, jumpTo]);

  const goToEnd = (): void => {
    showEnd()
      .then(() => jumpTo("end"))
      .catch(() => undefined);
  };

  const unread = unreadOf(own);
  return (
    <div className={styles.list}>
      <div ref={scroller} className={styles.scroller} onScroll={place.onScroll}>
        <div ref={content} className={styles.content} data-elsewhere={start === undefined || undefined}>
          {before ? <More loading={earlier} /> : beginning}
          {rows.length > 0 && (
            <Feed
              {...props}
              wanted={wanted}
              rows={rows}
              label={t("list.label", { name })}
              toRow={place.toRow}
              hold={place.hold}
            />
          )}
          {after && <More loading={later} />}
        </div>
      </div>
      {seen.far && (
        // Its name is what is written on it: who speaks to the machine says what they read.
        <button type="button" className={styles.toEnd} onClick={goToEnd}>
          <IconArrowDown size={18} />
          <span>{t("list.toNewest")}</span>
          <UnreadMark count={unread} />
        </button>
      )}
      <News entries={entries} me={props.me} />
    </div>
  );
}

/** The row to begin at; null for the end, undefined while the message one jumps to is not there. */
function startOf({ to }: Jump, entries: readonly Shown[]): string | null | undefined {
  if (to === "line") return "new";
  if (to === "end") return null;
  return entries.find(({ ordinal }) => ordinal === to)?.key;
}

/** A page that is coming, in the shape of messages; or the word that it did not come. */
function More({ loading }: { loading: Messages["earlier"] }): ReactElement {
  const { t } = useTranslation("chat");
  const { t: ui } = useTranslation("ui");
  return (
    <div className={styles.more}>
      {loading.error ? (
        <p className={styles.stopped} role="alert">
          {t("list.olderFailed")}{" "}
          <button type="button" className={styles.retry} onClick={loading.load}>
            {ui("retry")}
          </button>
        </p>
      ) : (
        <MessageBones count={2} />
      )}
    </div>
  );
}
