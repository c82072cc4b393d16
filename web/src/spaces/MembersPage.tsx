import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import type { MemberView } from "#/core/api/schema";
import { GuestPanel } from "#/guests/GuestPanel";
import { PERSON_ROW } from "#/people/PersonRow";
import { ProfilePanel } from "#/people/ProfilePanel";
import { useStill } from "#/people/picker/useFound";
import { Button } from "#/ui/control/Button";
import { SearchField } from "#/ui/control/Field";
import { IconDoorOpen, IconEnvelopeOpen, IconIdentificationBadge, IconUserPlus } from "#/ui/icon";
import { VirtualList } from "#/ui/list/VirtualList";
import { EmptyState } from "#/ui/state/EmptyState";
import { RowBones } from "#/ui/state/Skeleton";
import { Closed } from "./Closed";
import styles from "./MembersPage.module.css";
import { AddPanel } from "./members/AddPanel";
import { Barred } from "./members/Barred";
import { MemberRow } from "./members/MemberRow";
import { useMembers } from "./queries";
import { isLastManager } from "./roles";
import { may, readersOf, type SpaceRow } from "./spaces";
import { useLeave } from "./useLeave";
import { useSpace } from "./useSpaces";

/** Who is in a space and what they may do there. */
export function MembersPage(): ReactElement | null {
  const { spaceId } = useParams({ from: "/house/spaces/$spaceId/members" });
  const row = useSpace(spaceId);
  return row && <Members key={row.id} row={row} />;
}

function Members({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: ui } = useTranslation("ui");
  const { t: invited } = useTranslation("guests");
  const navigate = useNavigate();
  const { person, add, guests } = useSearch({ from: "/house/spaces/$spaceId/members" });
  const [wanted, setWanted] = useState("");
  const { leave, dialog } = useLeave(row);
  useDocumentTitle(t("tool.members"), row.name);
  const show = (search: { person?: string; add?: true; guests?: true }): void =>
    void navigate({
      to: "/spaces/$spaceId/members",
      params: { spaceId: row.id },
      search,
      // From one panel to another, and out of it, is no step back.
      replace: Boolean(person ?? add ?? guests),
    });
  const mayAdd = may(row.own, "spaces:member:add");
  const mayInvite = may(row.own, "spaces:guest:invite");
  const { kind, label } = row.own.space;
  return (
    <div className={styles.page}>
      <div className={styles.main}>
        <header className={styles.head}>
          <h2 className={styles.title}>{t("tool.members")}</h2>
          <span className={styles.count}>{ui("people", { count: readersOf(row.own) })}</span>
          <SearchField
            label={t("members.search")}
            placeholder={t("members.searchShort")}
            value={wanted}
            onChange={setWanted}
            className={styles.search}
          />
          {mayInvite && (
            <Button
              size="s"
              icon={IconEnvelopeOpen}
              className={styles.add}
              aria-expanded={Boolean(guests)}
              onClick={() => show(guests ? {} : { guests: true })}
            >
              {invited("panel.title")}
            </Button>
          )}
          {mayAdd && (
            <Button
              size="s"
              icon={IconUserPlus}
              className={styles.add}
              aria-expanded={Boolean(add)}
              onClick={() => show(add ? {} : { add: true })}
            >
              {t("members.add")}
            </Button>
          )}
        </header>
        <Barred row={row} />
        <List row={row} wanted={wanted} open={person} onOpen={(id) => show({ person: id })} onLeave={leave} />
        <footer className={styles.foot}>
          {label === "sensitive" || label === "restricted" ? (
            <>
              <IconIdentificationBadge size={16} />
              {t(`members.agentsOnly.${label}`)}
            </>
          ) : (
            kind === "community" && (
              <>
                <IconDoorOpen size={16} />
                {t("members.open")}
              </>
            )
          )}
        </footer>
      </div>
      {guests && mayInvite && (
        <GuestPanel row={row} onClose={() => show({})} onAddMember={() => show({ add: true })} />
      )}
      {add && mayAdd && <AddPanel row={row} onClose={() => show({})} />}
      {person && !add && !guests && <ProfilePanel key={person} person={person} onClose={() => show({})} />}
      {dialog}
    </div>
  );
}

function List({
  row,
  wanted,
  open,
  onOpen,
  onLeave,
}: {
  row: SpaceRow;
  wanted: string;
  open: string | undefined;
  onOpen: (person: string) => void;
  onLeave: () => void;
}): ReactElement {
  const { t } = useTranslation("spaces");
  const asked = useStill(wanted.trim());
  const everybody = useMembers(row.id);
  const { list, error, retry, loadMore } = useMembers(row.id, asked);
  if (error && !list) {
    return <Closed row={row} action="spaces:member:list" error={error} onRetry={retry} />;
  }
  if (!list) {
    return (
      <div className={styles.bones}>
        <RowBones count={9} height={PERSON_ROW} picture={32} />
      </div>
    );
  }
  if (list.members.length === 0) return <EmptyState text={t("members.nobody", { wanted: asked })} />;
  return (
    <VirtualList<MemberView>
      items={list.members}
      rowHeight={PERSON_ROW}
      keyOf={({ person_id }) => person_id}
      label={t("tool.members")}
      onNearEnd={loadMore}
      row={(member) => (
        <MemberRow
          row={row}
          member={member}
          wanted={asked}
          open={member.person_id === open}
          onOpen={onOpen}
          onLeave={onLeave}
          last={everybody.list !== undefined && isLastManager(member.person_id, everybody.list)}
        />
      )}
    />
  );
}
