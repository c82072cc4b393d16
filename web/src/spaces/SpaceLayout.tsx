import { Link, Outlet, useMatchRoute, useParams } from "@tanstack/react-router";
import { type ReactElement, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Unknown } from "#/app/pages/Unknown";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { words } from "#/core/api/content";
import { useHouse } from "#/core/journal/live";
import { useStore } from "#/core/store";
import { current } from "#/meet/call/current";
import { face } from "#/people/names";
import { ButtonLink } from "#/ui/control/Button";
import { TabBar, TabLink } from "#/ui/control/Tabs";
import { Tip } from "#/ui/control/Tip";
import { cx } from "#/ui/cx";
import {
  IconCaretLeft,
  IconChatCircle,
  IconFolder,
  IconGear,
  IconPhone,
  IconUsers,
  IconVideoCamera,
} from "#/ui/icon";
import { Faces } from "#/ui/identity/Avatar";
import { SpaceSquare } from "#/ui/identity/SpaceSquare";
import { type Label, LabelPill } from "#/ui/mark/LabelPill";
import { EmptyState } from "#/ui/state/EmptyState";
import { SpaceEnding } from "./holding/EndingLine";
import { HoldingLine } from "./holding/HoldingLine";
import { PendingLine } from "./labels/Pending";
import { DirectPicture } from "./list/SpaceList";
import styles from "./SpaceLayout.module.css";
import { hasSettings, may, readersOf, type SpaceRow } from "./spaces";
import { isUnsealed } from "./Unsealed";
import { useSpace } from "./useSpaces";
import { SpaceWithheld } from "./withheld/SpaceWithheld";
import { useWithholding } from "./withheld/useWithholding";

/** Pages about the space, not about what it holds. */
const ABOUT = ["/spaces/$spaceId/members", "/spaces/$spaceId/settings"] as const;

/** A space: its header (name, label, people, call), its tools as tabs, and the open tool. */
export function SpaceLayout(): ReactElement {
  const { spaceId } = useParams({ from: "/house/spaces/$spaceId" });
  return <Space key={spaceId} spaceId={spaceId} />;
}

function Space({ spaceId }: { spaceId: string }): ReactElement {
  const row = useSpace(spaceId);
  const was = useLastName(row);
  const { channelId } = useParams({ strict: false });
  const channel = row?.channels.find((own) => own.channel.id === channelId);
  // A direct's one channel has no name: the direct's own says it all.
  useDocumentTitle(channel && words(channel.channel.name), row?.name);
  const withholding = useWithholding(row);
  const matches = useMatchRoute();
  // Who is in it and how it is set may be seen whatever its content asks for.
  const standing = ABOUT.some((to) => matches({ to, params: { spaceId } }) !== false);
  if (!row) return was === undefined ? <Unknown inside /> : <Gone name={was} />;
  return (
    <div className={styles.space}>
      <Header row={row} />
      <Tools row={row} />
      <HoldingLine row={row} />
      <SpaceEnding row={row} />
      <PendingLine row={row} />
      <div className={styles.tool}>
        {withholding && !standing ? <SpaceWithheld row={row} withholding={withholding} /> : <Outlet />}
      </div>
    </div>
  );
}

/** What the space was called when one was last in it, while its page is open; undefined when one never was. */
function useLastName(row: SpaceRow | null): string | undefined {
  const last = useRef<string | undefined>(undefined);
  if (row) last.current = row.name;
  return last.current;
}

/** One was put out, here or in another window: said, where an unknown address would leave one wondering. */
function Gone({ name }: { name: string }): ReactElement {
  const { t } = useTranslation("spaces");
  return (
    <EmptyState
      whole
      text={t("gone.text", { name })}
      action={<ButtonLink to="/spaces">{t("gone.action")}</ButtonLink>}
    />
  );
}

function Header({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: ui } = useTranslation("ui");
  const { channelId } = useParams({ strict: false });
  const direct = row.own.space.kind === "direct";
  const channel = row.channels.find((own) => own.channel.id === channelId);
  return (
    <header className={styles.header}>
      <Link to="/spaces" className={styles.back} aria-label={ui("back")}>
        <IconCaretLeft size={22} />
      </Link>
      {direct ? <DirectPicture row={row} size={28} /> : <SpaceSquare id={row.id} size={28} />}
      <div className={cx(styles.names, !direct && channel && styles.inChannel)}>
        <h1 className={styles.name} title={row.name}>
          {row.name}
        </h1>
        {/* On a phone the channel is named here, for there is no list beside it. */}
        {!direct && channel && <span className={styles.channel}>{words(channel.channel.name)}</span>}
      </div>
      <LabelLink label={row.own.space.label} />
      <div className={styles.right}>
        {!direct && <People row={row} label={t("header.people")} />}
        <CallButton row={row} />
      </div>
    </header>
  );
}

/** The label, which leads to the page that explains it; above internal, a word says who else can read. */
function LabelLink({ label }: { label: Label }): ReactElement {
  const { t } = useTranslation("refusals");
  const link = (
    <Link to="/labels/$label" params={{ label }} className={styles.label}>
      <LabelPill label={label} />
    </Link>
  );
  if (!isUnsealed(label)) return link;
  return (
    <Tip label={`${t("unsealed.line")}. ${t("unsealed.what")}`} long>
      {link}
    </Tip>
  );
}

function People({ row, label }: { row: SpaceRow; label: string }): ReactElement {
  const people = useHouse((house) => house.people);
  const { t } = useTranslation("ui");
  const faces = row.own.space.faces.flatMap((id) => {
    const card = people[id];
    return card ? [face(card)] : [];
  });
  const count = readersOf(row.own);
  return (
    <Link to="/spaces/$spaceId/members" params={{ spaceId: row.id }} className={styles.people}>
      <span className={styles.hidden}>{`${label}, ${t("people", { count })}`}</span>
      <Faces people={faces} size={24} />
      <span className={styles.count} aria-hidden="true">
        {count}
      </span>
    </Link>
  );
}

function CallButton({ row }: { row: SpaceRow }): ReactElement | null {
  const { t } = useTranslation("spaces");
  const call = useHouse((house) => house.calls[row.id]);
  const inside = useStore(current, (room) => room?.space === row.id);
  if (call && inside) {
    return (
      <ButtonLink
        to="/call/$spaceId"
        params={{ spaceId: row.id }}
        size="s"
        icon={IconVideoCamera}
        className={styles.call ?? ""}
      >
        {t("header.inCall")}
      </ButtonLink>
    );
  }
  if (call && may(row.own, "meet:call:join")) {
    return (
      <ButtonLink
        to="/call/$spaceId"
        params={{ spaceId: row.id }}
        variant="primary"
        size="s"
        icon={IconVideoCamera}
        className={styles.call ?? ""}
      >
        {t("header.join")}
      </ButtonLink>
    );
  }
  if (!call && may(row.own, "meet:call:start")) {
    return (
      <ButtonLink
        to="/call/$spaceId"
        params={{ spaceId: row.id }}
        size="s"
        icon={IconPhone}
        className={styles.call ?? ""}
      >
        {t("header.call")}
      </ButtonLink>
    );
  }
  return null;
}

/** The tools that the space switched on, then who is in it and how it is set. */
function Tools({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("spaces");
  const { channelId } = useParams({ strict: false });
  const { tools, kind } = row.own.space;
  const params = { spaceId: row.id };
  const channel = channelId ?? row.channels[0]?.channel.id;
  return (
    <div className={styles.tools}>
      <TabBar label={t("header.tools")}>
        {tools.includes("chat") && channel && may(row.own, "chat:message:read") && (
          <TabLink
            to="/spaces/$spaceId/chat/$channelId"
            params={{ ...params, channelId: channel }}
            icon={IconChatCircle}
          >
            {t("tool.chat")}
          </TabLink>
        )}
        {tools.includes("files") && may(row.own, "files:file:read") && (
          <TabLink to="/spaces/$spaceId/files" params={params} icon={IconFolder}>
            {t("tool.files")}
          </TabLink>
        )}
        {kind !== "direct" && may(row.own, "spaces:member:list") && (
          <TabLink to="/spaces/$spaceId/members" params={params} icon={IconUsers}>
            {t("tool.members")}
          </TabLink>
        )}
        {kind !== "direct" && hasSettings(row.own) && (
          <TabLink to="/spaces/$spaceId/settings" params={params} icon={IconGear}>
            {t("tool.settings")}
          </TabLink>
        )}
      </TabBar>
    </div>
  );
}
