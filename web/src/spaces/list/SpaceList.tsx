import { createLink, Link, useParams } from "@tanstack/react-router";
import type { ComponentPropsWithRef, ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { openPalette } from "#/app/palette/open";
import { openNewChannel } from "#/chat/newChannel";
import { words } from "#/core/api/content";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { CallMark } from "#/meet/ring/CallMark";
import { face } from "#/people/names";
import { usePresence } from "#/people/usePresence";
import { useOpensDirects } from "#/spaces/refusal/useOpensDirects";
import { IconButton } from "#/ui/control/IconButton";
import { Kbd } from "#/ui/control/Kbd";
import { Tip } from "#/ui/control/Tip";
import { IconHandPalm, IconHash, IconMagnifyingGlass, IconPlus, IconShield } from "#/ui/icon";
import { Avatar, GroupAvatar } from "#/ui/identity/Avatar";
import { SpaceSquare } from "#/ui/identity/SpaceSquare";
import { UnreadMark } from "#/ui/text/Marks";
import { may, type SpaceRow, unreadOf } from "../spaces";
import { useSpaceLists } from "../useSpaces";
import styles from "./SpaceList.module.css";

/** The list beside the rail: the spaces one is in with the channels of the open one, then one's directs. */
export function SpaceList(): ReactElement {
  const { t } = useTranslation();
  const me = useMe();
  const organisation = useHouse((house) => house.organisations[me.profile.card.organisation_id]);
  const { spaces, directs } = useSpaceLists();
  const { spaceId } = useParams({ strict: false });
  const mayWrite = useOpensDirects();
  // An agent who cannot write to anybody is kept from it by the label alone.
  const unheld = me.abilities.includes("spaces:direct:create") && !mayWrite;

  return (
    <nav className={styles.list} aria-label={t("list.label")}>
      <div className={styles.organisation}>{organisation?.short_name ?? organisation?.name}</div>
      <button type="button" className={styles.search} aria-haspopup="dialog" onClick={openPalette}>
        <IconMagnifyingGlass size={18} />
        <span>{t("list.filterShort")}</span>
        <span className={styles.keys} aria-hidden="true">
          <Kbd name="ctrl" />
          <Kbd name="K" />
        </span>
      </button>
      <div className={styles.scroll}>
        <Section
          title={t("list.spaces")}
          add={
            me.abilities.includes("spaces:space:create") && (
              <AddLink to="/spaces/new" label={t("list.create")} />
            )
          }
        >
          {spaces.map((row) => (
            <SpaceItem key={row.id} row={row} open={row.id === spaceId} />
          ))}
        </Section>
        {(mayWrite || directs.length > 0 || unheld) && (
          <Section
            title={t("list.directs")}
            add={mayWrite && <AddLink to="/directs/new" label={t("list.write")} />}
            line={unheld && t("list.directsClosed")}
          >
            {directs.map((row) => (
              <DirectItem key={row.id} row={row} open={row.id === spaceId} />
            ))}
          </Section>
        )}
      </div>
    </nav>
  );
}

function Section({
  title,
  add,
  line,
  children,
}: {
  title: string;
  add: ReactNode;
  /** Why nothing can be added. */
  line?: ReactNode;
  children: ReactNode;
}): ReactElement {
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {add}
      </header>
      {line && <p className={styles.line}>{line}</p>}
      <ul>{children}</ul>
    </section>
  );
}

type AddProps = ComponentPropsWithRef<"a"> & { label?: string };

function AddAnchor({ label = "", ...rest }: AddProps): ReactElement {
  return (
    <Tip label={label}>
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: the router gives it its address */}
      <a {...rest} className={styles.add} aria-label={label}>
        <IconPlus size={18} />
      </a>
    </Tip>
  );
}
const AddLink = createLink(AddAnchor);

function SpaceItem({ row, open }: { row: SpaceRow; open: boolean }): ReactElement {
  const { t } = useTranslation("chat");
  const { channelId } = useParams({ strict: false });
  const onOther = channelId === undefined;
  const offers = open && may(row.own, "chat:channel:create");
  return (
    <li>
      <div className={styles.item}>
        <Link
          to="/spaces/$spaceId"
          params={{ spaceId: row.id }}
          className={styles.row}
          data-unread={row.unread > 0 || undefined}
          // While a channel of it is open, that one is marked.
          data-here={(open && onOther) || undefined}
          data-offers={offers || undefined}
        >
          <SpaceSquare id={row.id} size={20} />
          <span className={styles.name} title={row.name}>
            {row.name}
          </span>
          <LabelMark row={row} />
          <CallMark space={row.id} />
          {!open && <UnreadMark count={row.unread} />}
        </Link>
        {offers && (
          <IconButton
            icon={IconPlus}
            iconSize={18}
            label={t("channel.newIn", { name: row.name })}
            className={styles.offer}
            aria-haspopup="dialog"
            onClick={() => openNewChannel(row.id)}
          />
        )}
      </div>
      {open && (
        <ul>
          {row.channels.map((own) => {
            const unread = unreadOf(own);
            const name = words(own.channel.name);
            return (
              <li key={own.channel.id}>
                <Link
                  to="/spaces/$spaceId/chat/$channelId"
                  params={{ spaceId: row.id, channelId: own.channel.id }}
                  className={styles.channel}
                  data-unread={unread > 0 || undefined}
                >
                  <IconHash size={18} />
                  <span className={styles.name} title={name}>
                    {name}
                  </span>
                  <UnreadMark count={unread} />
                </Link>
              </li>
            );
          })}
        </ul>
      )}
    </li>
  );
}

/** Where a space is sensitive or more, its row says so; the others are the usual case. */
export function LabelMark({ row }: { row: SpaceRow }): ReactElement | null {
  const { t } = useTranslation("ui");
  const { label } = row.own.space;
  if (label === "sensitive")
    return <IconShield size={16} label={t("label.sensitive")} className={styles.sensitive} />;
  if (label === "restricted") {
    return <IconHandPalm size={16} label={t("label.restricted")} className={styles.restricted} />;
  }
  return null;
}

function DirectItem({ row, open }: { row: SpaceRow; open: boolean }): ReactElement {
  return (
    <li>
      <Link
        to="/spaces/$spaceId"
        params={{ spaceId: row.id }}
        className={styles.row}
        data-unread={row.unread > 0 || undefined}
        data-here={open || undefined}
      >
        <DirectPicture row={row} size={22} />
        <span className={styles.name} title={row.name}>
          {row.name}
        </span>
        <CallMark space={row.id} />
        <UnreadMark count={row.unread} />
      </Link>
    </li>
  );
}

/** Whom a direct is with: one face with its presence, or two for several. */
export function DirectPicture({ row, size }: { row: SpaceRow; size: number }): ReactElement {
  const [one] = row.others;
  const presence = usePresence(row.others.length === 1 ? one?.id : undefined);
  if (row.others.length === 1 && one) return <Avatar person={face(one)} size={size} presence={presence} />;
  return <GroupAvatar people={row.others.map(face)} size={size} />;
}
