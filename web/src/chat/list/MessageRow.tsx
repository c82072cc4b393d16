import {
  memo,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useReason } from "#/core/i18n/useSentence";
import { connection, useHouse } from "#/core/journal/live";
import { IconClock, IconWarningCircle } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { useLate } from "#/ui/state/Skeleton";
import { Time } from "#/ui/text/Marks";
import { UploadChip } from "../composer/UploadChip";
import { Attachments } from "../files/Attachments";
import { Formatted } from "../formatting/Formatted";
import { type Author, useAuthor } from "../useAuthor";
import { Actions, type Doing } from "./Actions";
import { copyText } from "./copy";
import { Editor } from "./Editor";
import { isLong } from "./fold";
import styles from "./MessageRow.module.css";
import type { Shown, Way } from "./shown";

/** What the row is at the moment, beside the message itself. */
export type RowState = {
  /** Begins a group: shows who and when. */
  readonly head: boolean;
  /** Ends a group. */
  readonly tail: boolean;
  /** The one that the arrow keys have come to; Tab enters the list there. */
  readonly current: boolean;
  /** Under the pointer or the focus: shows what can be done with it. */
  readonly open: boolean;
  readonly editing: boolean;
  /** A link led here. */
  readonly wanted: boolean;
  /** Taken away by oneself a moment ago, which can still be undone. */
  readonly leaving: boolean;
  readonly mayEdit: boolean;
  readonly mayDelete: boolean;
  /** Whether the files of the space may be read now. */
  readonly mayOpen: boolean;
  /** The channel's space, whose people need no word of where they come from. */
  readonly organisationId: string;
};

type MessageRowProps = RowState & { shown: Shown; last: number; doing: Doing };

/** A message. An article of the feed: its name is who and when, its words are its description. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps): ReactElement {
  const { shown, head, tail, current, open, editing, wanted, leaving, last, doing } = props;
  const id = useId();
  const author = useAuthor(shown.authorId);
  const gone = shown.deleted || leaving;
  return (
    <article
      className={styles.row}
      data-key={shown.key}
      data-ordinal={shown.ordinal ?? undefined}
      data-head={head || undefined}
      data-tail={tail || undefined}
      data-open={(open && !editing) || undefined}
      data-editing={editing || undefined}
      data-wanted={wanted || undefined}
      tabIndex={current ? 0 : -1}
      aria-labelledby={`${id}-who`}
      aria-describedby={`${id}-what`}
      {...(shown.ordinal !== null && {
        "aria-posinset": shown.ordinal,
        "aria-setsize": Math.max(last, shown.ordinal),
      })}
    >
      {head ? (
        <Avatar person={author.face} size={32} className={styles.face ?? ""} />
      ) : (
        <span className={styles.gutter} aria-hidden="true">
          <Clock at={shown.at} />
        </span>
      )}
      <div className={styles.body}>
        <Who
          id={`${id}-who`}
          shown={shown}
          author={author}
          head={head}
          organisationId={props.organisationId}
        />
        <div id={`${id}-what`}>
          {editing && !gone ? (
            <Editor
              text={shown.text}
              onSave={(text) => doing.save(shown, text)}
              onCancel={() => doing.cancelEdit(shown)}
            />
          ) : (
            <What shown={shown} gone={gone} mayOpen={props.mayOpen} />
          )}
        </div>
        {shown.way && <Uploads way={shown.way} />}
        {shown.way && <OnItsWay way={shown.way} text={shown.text} />}
      </div>
      {open && !gone && !editing && shown.id !== null && (
        <Actions shown={shown} mayEdit={props.mayEdit} mayDelete={props.mayDelete} doing={doing} />
      )}
    </article>
  );
});

function Clock({ at }: { at: number }): ReactElement {
  const format = useFormat();
  return (
    <Time at={at} full={format.fullTime(at)}>
      {format.clock(at)}
    </Time>
  );
}

function Who({
  id,
  shown,
  author,
  head,
  organisationId,
}: {
  id: string;
  shown: Shown;
  author: Author;
  head: boolean;
  organisationId: string;
}): ReactElement {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const { card } = author;
  const organisation = useHouse((house) => (card ? house.organisations[card.organisation_id] : undefined));
  const { name } = author.face;
  if (!head) {
    return (
      <span id={id} className={styles.said}>
        {t("message.label", { name, time: format.clock(shown.at) })}
      </span>
    );
  }
  const outside = card && card.organisation_id !== organisationId ? organisation?.short_name : undefined;
  return (
    <p id={id} className={styles.who}>
      <span className={styles.name} title={name}>
        {name}
      </span>
      {card?.kind === "guest" && <span className={styles.from}>{t("message.guest")}</span>}
      {outside && (
        <span className={styles.from} title={organisation?.name}>
          {outside}
        </span>
      )}
      <Clock at={shown.at} />
    </p>
  );
}

function What({ shown, gone, mayOpen }: { shown: Shown; gone: boolean; mayOpen: boolean }): ReactElement {
  const { t } = useTranslation("chat");
  if (gone) return <p className={styles.deleted}>{t("message.deleted")}</p>;
  return (
    <>
      {shown.text && <Words shown={shown} />}
      {shown.files.length > 0 && <Attachments files={shown.files} mayOpen={mayOpen} />}
    </>
  );
}

/** The words; of a long message its beginning, until one asks for the rest. */
function Words({ shown }: { shown: Shown }): ReactElement {
  const { t } = useTranslation("chat");
  const [unfolded, setUnfolded] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const edited = shown.editedAt !== null && <Edited at={shown.editedAt} />;
  if (!isLong(shown.text)) return <Formatted text={shown.text} tail={edited} />;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a link in the part that is folded away shows itself when the keyboard comes to it */}
      <div className={styles.long} data-folded={!unfolded || undefined} onFocus={() => setUnfolded(true)}>
        <Formatted text={shown.text} tail={edited} />
      </div>
      <button
        type="button"
        ref={button}
        className={styles.more}
        aria-expanded={unfolded}
        data-unfolds={!unfolded || undefined}
        onClick={() => {
          // The list keeps the place of what stays on screen, so the message must be long or short before it is told.
          flushSync(() => setUnfolded(!unfolded));
          if (unfolded) button.current?.closest("article")?.scrollIntoView({ block: "nearest" });
        }}
      >
        {t(unfolded ? "message.less" : "message.more")}
      </button>
    </>
  );
}

function Edited({ at }: { at: number }): ReactElement {
  const { t } = useTranslation("chat");
  const format = useFormat();
  return (
    <span className={styles.edited} title={t("message.editedAt", { when: format.dayAndTime(at) })}>
      {" "}
      {t("message.edited")}
    </span>
  );
}

function Uploads({ way }: { way: Way }): ReactElement | null {
  if (way.uploads.length === 0) return null;
  return (
    <ul className={styles.uploads}>
      {way.uploads.map((upload) => (
        <li key={upload.id}>
          <UploadChip upload={upload} />
        </li>
      ))}
    </ul>
  );
}

const QUIET_MS = 1200;

/** A message of one's own that is not out: nothing at first, then a quiet word; what was refused says why. */
function OnItsWay({ way, text }: { way: Way; text: string }): ReactElement | null {
  const { t } = useTranslation("chat");
  const why = useReason();
  const late = useLate(way.state === "waiting", QUIET_MS);
  const line = useSyncExternalStore(connection.line.subscribe, connection.line.get);
  if (way.state === "failed") {
    const { problem } = way;
    // Of a file that has gone meanwhile the server only says that the request makes no sense.
    const gone = problem?.code === "invalid" && problem.field === "files";
    const reason = gone ? t("message.filesGone") : (problem && why(problem)) || t("message.failedUnknown");
    return (
      <p className={styles.failed} role="alert">
        <IconWarningCircle size={16} />
        <span>{t("message.failed", { reason })}</span>
        <Small onClick={way.retry}>{t("message.retry")}</Small>
        {text && <CopyButton text={text} />}
        <Small onClick={way.discard}>{t("message.discard")}</Small>
      </p>
    );
  }
  if (!late && way.uploads.length === 0) return null;
  return (
    <p className={styles.waiting}>
      <IconClock size={14} />
      {line.lostAt !== null && t("message.waiting")}
      {line.lostAt === null &&
        way.uploads.length > 0 &&
        t("message.uploading", { count: way.uploads.length })}
      {line.lostAt === null && way.uploads.length === 0 && t("message.sending")}
    </p>
  );
}

function CopyButton({ text }: { text: string }): ReactElement {
  const { t } = useTranslation("chat");
  const [done, setDone] = useState(false);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  return (
    <Small onClick={() => void copyText(text).then((copied) => mounted.current && setDone(copied))}>
      {t(done ? "done.copied" : "message.copy")}
    </Small>
  );
}

function Small({ onClick, children }: { onClick: () => void; children: ReactNode }): ReactElement {
  return (
    <button type="button" className={styles.small} onClick={onClick}>
      {children}
    </button>
  );
}
