import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import type { InvitationView, Issued, PersonLine } from "#/core/api/schema";
import { fullDate } from "#/core/format/time";
import { useFormat } from "#/core/format/useFormat";
import { useFailure } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { InvitationMenu } from "#/guests/InvitationMenu";
import { MailDialog } from "#/guests/MailDialog";
import { face, fullName } from "#/people/names";
import { useStill } from "#/people/picker/useFound";
import { Button } from "#/ui/control/Button";
import { SearchField } from "#/ui/control/Field";
import { IconUploadSimple, IconUserPlus } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { EmptyState } from "#/ui/state/EmptyState";
import { ErrorState } from "#/ui/state/ErrorState";
import { RowBones } from "#/ui/state/Skeleton";
import { AccountMenu } from "./AccountMenu";
import styles from "./Administration.module.css";
import { ImportDialog } from "./ImportDialog";
import { InviteDialog } from "./InviteDialog";
import { ListExport } from "./ListExport";
import { PeopleFilters } from "./PeopleFilters";
import { renewAgent, revokeAgent, type SoughtPeople, useInvitations, usePeopleBook } from "./queries";
import { InAdministration } from "./session/InAdministration";
import { useAdministration } from "./session/useAdministration";

/** An organisation's people, for its administrators: who is here, who is invited, and inviting more. */
export function PeoplePage(): ReactElement {
  const { t } = useTranslation("guests");
  const { t: words } = useTranslation("administration");
  const me = useMe();
  const { inside } = useAdministration();
  const [doing, setDoing] = useState<"invite" | "import" | null>(null);
  const [issued, setIssued] = useState<Issued | null>(null);
  useDocumentTitle(t("admin.title"));
  if (!me.abilities.includes("people:agent:invite")) return <EmptyState whole text={t("admin.notYours")} />;
  return (
    <div className={styles.page}>
      <div className={styles.inside}>
        <header className={styles.head}>
          <h1 className={styles.title}>{t("admin.title")}</h1>
          <ListExport of="people">{words("exportPeople")}</ListExport>
          {inside && (
            <>
              <Button icon={IconUploadSimple} onClick={() => setDoing("import")}>
                {t("admin.import")}
              </Button>
              <Button variant="primary" icon={IconUserPlus} onClick={() => setDoing("invite")}>
                {t("admin.invite")}
              </Button>
            </>
          )}
        </header>
        <p className={styles.about}>{t("admin.about", { name: me.profile.organisation.name })}</p>
        <InAdministration>
          <Invitations onIssued={setIssued} />
          <People />
        </InAdministration>
      </div>
      {doing === "invite" && (
        <InviteDialog
          onClose={() => setDoing(null)}
          onIssued={(made) => {
            setDoing(null);
            setIssued(made);
          }}
        />
      )}
      {doing === "import" && <ImportDialog onClose={() => setDoing(null)} />}
      {issued && <MailDialog issued={issued} onClose={() => setIssued(null)} />}
    </div>
  );
}

function People(): ReactElement {
  const { t } = useTranslation("guests");
  const { t: words } = useTranslation("administration");
  const failure = useFailure();
  const [wanted, setWanted] = useState("");
  const asked = useStill(wanted.trim());
  const [sought, setSought] = useState<SoughtPeople>({});
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = usePeopleBook(
    asked,
    sought,
  );
  const filtered = Object.values(sought).some(Boolean);
  const [first] = data ?? [];
  const people = data?.flatMap((page) => page.people) ?? [];
  return (
    <section className={styles.section} aria-labelledby="people-here">
      <div className={styles.bar}>
        <h2 id="people-here" className={styles.heading}>
          {first ? t("admin.agents", { count: first.agents }) : t("admin.title")}
          {first && first.guests > 0 && `, ${t("admin.guests", { count: first.guests })}`}
        </h2>
        <SearchField
          label={t("admin.search")}
          value={wanted}
          onChange={setWanted}
          className={styles.search}
        />
      </div>
      <PeopleFilters sought={sought} onSeek={setSought} />
      {error && !data && <ErrorState small {...failure(error)} onRetry={() => void refetch()} />}
      {!data && !error && <RowBones count={6} height={56} picture={32} />}
      {data && people.length === 0 && (
        <EmptyState
          small
          text={asked ? t("admin.none", { wanted: asked }) : filtered ? words("nobody") : t("admin.empty")}
        />
      )}
      <ul className={styles.people}>
        {people.map((line) => (
          <Line key={line.card.id} line={line} />
        ))}
      </ul>
      {hasNextPage && (
        <Button className={styles.more} busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("admin.more")}
        </Button>
      )}
    </section>
  );
}

function Line({ line }: { line: PersonLine }): ReactElement {
  const { t } = useTranslation("guests");
  const { card, service, email, administrator, officer, suspended_at } = line;
  const about = [
    suspended_at !== null && t("admin.suspended"),
    card.kind === "guest" && t("admin.guest"),
    administrator && t("admin.administrator"),
    officer && t("admin.officer"),
    card.function,
    service,
  ].filter(Boolean);
  return (
    <li>
      <Avatar person={face(card)} size={32} />
      <span className={styles.what}>
        <span className={styles.cut}>{fullName(card)}</span>
        {about.length > 0 && <span className={styles.quiet}>{about.join(", ")}</span>}
      </span>
      <span className={styles.aside}>{email}</span>
      <AccountMenu line={line} />
    </li>
  );
}

function Invitations({ onIssued }: { onIssued: (issued: Issued) => void }): ReactElement | null {
  const { t } = useTranslation("guests");
  const [wanted, setWanted] = useState("");
  const asked = useStill(wanted.trim());
  const { data } = useInvitations(asked);
  if (!data || (data.count === 0 && asked === "")) return null;
  const shown = data.invitations.length;
  return (
    <section className={styles.section} aria-labelledby="people-invited">
      <div className={styles.bar}>
        <h2 id="people-invited" className={styles.heading}>
          {t("admin.pending", { count: data.count })}
        </h2>
        {data.count > 8 && (
          <SearchField
            label={t("admin.searchWaiting")}
            value={wanted}
            onChange={setWanted}
            className={styles.search}
          />
        )}
      </div>
      {shown === 0 && <p className={styles.quiet}>{t("admin.none", { wanted: asked })}</p>}
      <ul className={styles.people}>
        {data.invitations.map((invitation) => (
          <Waiting key={invitation.id} invitation={invitation} onIssued={onIssued} />
        ))}
      </ul>
      {asked === "" && shown < data.count && (
        <p className={styles.quiet}>{t("admin.waitingMost", { count: shown })}</p>
      )}
    </section>
  );
}

function Waiting({
  invitation,
  onIssued,
}: {
  invitation: InvitationView;
  onIssued: (issued: Issued) => void;
}): ReactElement {
  const { t } = useTranslation("guests");
  const { where } = useFormat();
  const until = fullDate(Date.parse(invitation.expires_at), where);
  return (
    <li>
      <span className={styles.what}>
        <span className={styles.cut}>{fullName(invitation)}</span>
        <span className={styles.quiet}>{invitation.email}</span>
      </span>
      <span className={styles.aside}>
        {invitation.over ? t("panel.ranOut") : t("panel.until", { until })}
      </span>
      <InvitationMenu
        invitation={invitation}
        renew={() => renewAgent(invitation.id)}
        revoke={() => revokeAgent(invitation.id)}
        onIssued={onIssued}
        side="left"
      />
    </li>
  );
}
