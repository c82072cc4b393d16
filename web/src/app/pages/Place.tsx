import { Link } from "@tanstack/react-router";
import { type ReactElement, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { FirstSteps } from "#/administration/FirstSteps";
import { MessageLine } from "#/chat/MessageLine";
import { words } from "#/core/api/content";
import type { CallView, OwnChannel } from "#/core/api/schema";
import { useFormat, useMinute } from "#/core/format/useFormat";
import { connection, useHouse } from "#/core/journal/live";
import { useStore } from "#/core/store";
import { StayLines } from "#/guests/StayLines";
import { UndeclaredLine } from "#/hosting/UndeclaredLine";
import { current } from "#/meet/call/current";
import { face, fullName } from "#/people/names";
import { usePerson } from "#/people/usePerson";
import { usePresence } from "#/people/usePresence";
import { PlaceEndings } from "#/spaces/holding/EndingLine";
import { LabelMark } from "#/spaces/list/SpaceList";
import { may, readersOf, type SpaceRow, unreadOf } from "#/spaces/spaces";
import { useSpaceLists } from "#/spaces/useSpaces";
import { ButtonLink } from "#/ui/control/Button";
import { IconVideoCamera } from "#/ui/icon";
import { Avatar, type Face, Faces } from "#/ui/identity/Avatar";
import { SpaceSquare } from "#/ui/identity/SpaceSquare";
import { EmptyState } from "#/ui/state/EmptyState";
import { Time, UnreadMark } from "#/ui/text/Marks";
import { PaletteButton } from "../palette/PaletteButton";
import { useDocumentTitle } from "../shell/useDocumentTitle";
import { FirstDay } from "./FirstDay";
import styles from "./Place.module.css";

const EXCHANGES = 6;

/** The first page: what waits, who is talking now, who one writes to. */
export function Place(): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useMinute();
  const { spaces, directs } = useSpaceLists();
  const waiting = useWaiting(spaces, directs);
  const count = waiting.reduce((sum, { own }) => sum + unreadOf(own), 0);
  useDocumentTitle(t("titles.place"));

  const readAll = (): void => {
    for (const { own } of waiting) {
      const { id, last_ordinal } = own.channel;
      // What cannot be told now is told when the line is back.
      connection.request({ t: "chat.read", channel_id: id, ordinal: last_ordinal }).catch(() => undefined);
    }
  };

  return (
    <div className={styles.page}>
      <PaletteButton className={styles.palette} />
      <div className={styles.main}>
        <h1 className={styles.title}>{format.longDay(now)}</h1>
        <p className={styles.sentence}>{count === 0 ? t("place.nothing") : t("place.waiting", { count })}</p>
        <StayLines />
        <UndeclaredLine />
        <FirstSteps />
        {spaces.length === 0 && directs.length === 0 && <FirstDay />}
        <PlaceEndings />
        <section className={styles.section}>
          <header className={styles.head}>
            <h2>{t("place.toRead")}</h2>
            {waiting.length > 0 && (
              <button type="button" className={styles.all} onClick={readAll}>
                {t("place.readAll")}
              </button>
            )}
          </header>
          {waiting.length === 0 && <EmptyState small text={t("place.nothingText")} />}
          <ul>
            {waiting.map(({ row, own }) => (
              <Waiting key={own.channel.id} row={row} own={own} />
            ))}
          </ul>
        </section>
      </div>
      <aside className={styles.side} aria-label={t("place.side")}>
        <Calls rows={[...spaces, ...directs]} />
        {directs.length > 0 && (
          <section className={styles.exchanges}>
            <h2 className={styles.heading}>{t("place.exchanges")}</h2>
            <ul>
              {directs.slice(0, EXCHANGES).map((row) => (
                <Exchange key={row.id} row={row} />
              ))}
            </ul>
          </section>
        )}
      </aside>
    </div>
  );
}

type WaitingChannel = { readonly row: SpaceRow; readonly own: OwnChannel };

/** The channels with something unread, the newest first. */
function useWaiting(spaces: readonly SpaceRow[], directs: readonly SpaceRow[]): readonly WaitingChannel[] {
  return useMemo(
    () =>
      [...spaces, ...directs]
        .flatMap((row) => row.channels.filter((own) => unreadOf(own) > 0).map((own) => ({ row, own })))
        .sort((one, other) => sentAt(other.own) - sentAt(one.own)),
    [spaces, directs],
  );
}

const sentAt = (own: OwnChannel): number => (own.channel.last ? Date.parse(own.channel.last.sent_at) : 0);

function useFace(id: string | undefined): Face {
  const { t } = useTranslation("people");
  const card = usePerson(id);
  return card ? face(card) : { id: id ?? "", name: t("someone") };
}

function Waiting({ row, own }: WaitingChannel): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const { last } = own.channel;
  const author = useFace(last?.author_id);
  const direct = row.own.space.kind === "direct";
  return (
    <li>
      <Link
        to="/spaces/$spaceId/chat/$channelId"
        params={{ spaceId: row.id, channelId: own.channel.id }}
        className={styles.waiting}
      >
        <Avatar person={author} size={32} />
        <span className={styles.who}>
          <span className={styles.author}>{author.name}</span>
          {direct ? (
            <span className={styles.where}>{t("place.direct")}</span>
          ) : (
            <span className={styles.where}>
              <SpaceSquare id={row.id} size={16} />
              <span className={styles.cut}>
                {row.name}, {words(own.channel.name)}
              </span>
              <LabelMark row={row} />
            </span>
          )}
        </span>
        {last && (
          <Time at={Date.parse(last.sent_at)} full={format.fullTime(Date.parse(last.sent_at))}>
            {format.shortTime(Date.parse(last.sent_at))}
          </Time>
        )}
        <span className={styles.said}>{last && <MessageLine message={last} />}</span>
        <span className={styles.mark}>
          <UnreadMark count={unreadOf(own)} />
        </span>
      </Link>
    </li>
  );
}

/** Calls that live now in one's spaces: the one thing on this page that does not wait. */
function Calls({ rows }: { rows: readonly SpaceRow[] }): ReactElement | null {
  const calls = useHouse((house) => house.calls);
  const living = rows.flatMap((row) => {
    const call = calls[row.id];
    return call ? [{ row, call }] : [];
  });
  if (living.length === 0) return null;
  return (
    <>
      {living.map(({ row, call }) => (
        <Call key={call.id} row={row} call={call} />
      ))}
    </>
  );
}

function Call({ row, call }: { row: SpaceRow; call: CallView }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const people = useHouse((house) => house.people);
  const inside = useStore(current, (room) => room?.space === row.id);
  const present = [...new Set(call.participants.map(({ person_id }) => person_id))];
  const faces = present.flatMap((id) => {
    const card = people[id];
    return card ? [face(card)] : [];
  });
  return (
    <section className={styles.call}>
      <p className={styles.since}>
        {t("place.callSince", { time: format.clock(Date.parse(call.started_at)) })}
      </p>
      <h2 className={styles.callTitle}>{row.name}</h2>
      <div className={styles.join}>
        {may(row.own, "meet:call:join") && (
          <ButtonLink
            to="/call/$spaceId"
            params={{ spaceId: row.id }}
            variant={inside ? "quiet" : "primary"}
            icon={IconVideoCamera}
          >
            {t(inside ? "place.inCall" : "place.join")}
          </ButtonLink>
        )}
        <Faces people={faces} size={24} />
        <span className={styles.present}>{t("place.present", { count: present.length })}</span>
      </div>
    </section>
  );
}

function Exchange({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("ui");
  const format = useFormat();
  const [one] = row.others;
  const presence = usePresence(row.others.length === 1 ? one?.id : undefined);
  const about =
    row.others.length > 1
      ? t("people", { count: readersOf(row.own) })
      : presence && presence !== "gone"
        ? t(`presence.${presence}`)
        : one?.function || format.shortTime(row.movedAt);
  return (
    <li>
      <Link to="/spaces/$spaceId" params={{ spaceId: row.id }} className={styles.exchange}>
        {one && <Avatar person={face(one)} size={32} presence={presence} />}
        <span className={styles.person}>
          <span className={styles.cut}>{row.others.length === 1 && one ? fullName(one) : row.name}</span>
          <span className={styles.about}>{about}</span>
        </span>
      </Link>
    </li>
  );
}
