import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Declaration, DeclaredApproval, DeclaredException, RuleView } from "#/core/api/schema";
import { fullDate } from "#/core/format/time";
import { useFormat } from "#/core/format/useFormat";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { Button } from "#/ui/control/Button";
import { IconPencilSimple, IconPlus } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { ApprovalDialog } from "./ApprovalDialog";
import { ExceptionDialog } from "./ExceptionDialog";
import { PartnerDialog } from "./PartnerDialog";
import { ProfileDialog } from "./ProfileDialog";
import { useOrganisations, withdrawApproval, withdrawException, withdrawPartner } from "./queries";
import { ReadingDialog } from "./ReadingDialog";
import styles from "./Rule.module.css";
import { useDays } from "./useDays";

type Asked = "profile" | "reading" | "approval" | "exception" | "partner";

/** What was declared, by whom and when; whoever may declares anew from here. */
export function Declarations({ rule, declares }: { rule: RuleView; declares: boolean }): ReactElement {
  const { t } = useTranslation("rule");
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  const button = (what: Asked, stands: boolean): ReactNode =>
    declares && (
      <Button size="s" icon={stands ? IconPencilSimple : IconPlus} onClick={() => setAsked(what)}>
        {t(stands ? "declare.again" : "declare.first")}
      </Button>
    );
  const bound = t(`binds.${rule.reading.binds_from}` as "binds.public");
  return (
    <>
      <Section
        title={t("profile.title")}
        about={t("profile.about")}
        action={button("profile", !!rule.profile)}
      >
        {rule.profile ? <Profile rule={rule} /> : <p>{t("profile.none")}</p>}
      </Section>
      <Section
        title={t("reading.title")}
        about={t("reading.about")}
        action={button("reading", rule.reading.declaration !== null)}
      >
        <p className={styles.value}>{t(`reading.${rule.reading.reading}`)}</p>
        <p className={styles.note}>{t("reading.binds", { bound })}</p>
        <p className={styles.note}>{t("reading.source", { source: rule.reading.source })}</p>
        <By declaration={rule.reading.declaration} fallback={t("reading.default")} />
      </Section>
      <Section
        title={t("approval.title")}
        about={t("approval.about")}
        action={button("approval", !!rule.approval)}
      >
        {rule.approval ? (
          <ApprovalStands approval={rule.approval} declares={declares} />
        ) : (
          <p>{t("approval.none")}</p>
        )}
      </Section>
      <Section
        title={t("exception.title")}
        about={t("exception.about")}
        action={rule.reading.exceptions && button("exception", false)}
      >
        {!rule.reading.exceptions && <p>{t("exception.notHere")}</p>}
        {rule.reading.exceptions && rule.exceptions.length === 0 && <p>{t("exception.none")}</p>}
        {rule.exceptions.map((one) => (
          <Exception key={one.declaration.id} declared={one} declares={declares} />
        ))}
      </Section>
      <Partners rule={rule} declares={declares} action={button("partner", false)} />
      <ProfileDialog rule={rule} opened={asked === "profile"} onClose={close} />
      <ReadingDialog rule={rule} opened={asked === "reading"} onClose={close} />
      <ApprovalDialog rule={rule} opened={asked === "approval"} onClose={close} />
      <ExceptionDialog rule={rule} opened={asked === "exception"} onClose={close} />
      <PartnerDialog rule={rule} opened={asked === "partner"} onClose={close} />
    </>
  );
}

function Section({
  title,
  about,
  action,
  children,
}: {
  title: string;
  about: string;
  action: ReactNode;
  children: ReactNode;
}): ReactElement {
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <h2 className={styles.heading}>{title}</h2>
        {action}
      </header>
      <p className={styles.about}>{about}</p>
      {children}
    </section>
  );
}

/** « Déclaré par … le … »: who answers for it. */
function By({
  declaration,
  fallback,
}: {
  declaration: Declaration | null;
  fallback?: string;
}): ReactElement | null {
  const { t } = useTranslation("rule");
  const { where } = useFormat();
  if (!declaration) return fallback ? <p className={styles.by}>{fallback}</p> : null;
  const on = fullDate(Date.parse(declaration.at), where);
  const name = declaration.by_name || t("operator");
  return <p className={styles.by}>{t(declaration.fictitious ? "byFictitious" : "by", { name, on })}</p>;
}

function Profile({ rule }: { rule: RuleView }): ReactElement | null {
  const { t } = useTranslation("rule");
  const days = useDays();
  if (!rule.profile) return null;
  const { profile, declaration } = rule.profile;
  return (
    <>
      <p className={styles.value}>{t(`profile.${profile.hosting}`)}</p>
      {profile.hosting === "commercial" && (
        <ul className={styles.facts}>
          <li>{t(profile.qualified ? "profile.qualified" : "profile.notQualified")}</li>
          <li>{t(profile.immune ? "profile.immune" : "profile.notImmune")}</li>
        </ul>
      )}
      {profile.until && <p className={styles.note}>{t("validUntil", { until: days(profile.until) })}</p>}
      <By declaration={declaration} />
    </>
  );
}

function ApprovalStands({
  approval: { approval, declaration, ends_on: ends, review_by: review },
  declares,
}: {
  approval: DeclaredApproval;
  declares: boolean;
}): ReactElement {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const days = useDays();
  return (
    <>
      <p className={styles.value}>{t("approval.upTo", { label: ui(`label.${approval.ceiling}`) })}</p>
      <p className={styles.note}>
        {t("approval.dates", {
          authority: approval.authority,
          since: days(approval.since),
          until: days(ends),
        })}
      </p>
      <p className={styles.note}>{t("approval.review", { review: days(review) })}</p>
      <By declaration={declaration} />
      {declares && <Withdraw act={withdrawApproval} done={t("approval.withdrawn")} />}
    </>
  );
}

function Exception({
  declared: { exception, ends_on: ends, declaration },
  declares,
}: {
  declared: DeclaredException;
  declares: boolean;
}): ReactElement {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const days = useDays();
  return (
    <div className={styles.item}>
      <p className={styles.value}>
        {t("exception.upTo", {
          authority: exception.authority,
          label: ui(`label.${exception.ceiling ?? "sensitive"}`),
        })}
      </p>
      <p className={styles.note}>
        {ends
          ? t("exception.dates", { since: days(exception.granted_on), until: days(ends) })
          : t("exception.openEnded", { since: days(exception.granted_on) })}
      </p>
      <By declaration={declaration} />
      {declares && <Withdraw act={() => withdrawException(declaration.id)} done={t("exception.withdrawn")} />}
    </div>
  );
}

function Partners({
  rule,
  declares,
  action,
}: {
  rule: RuleView;
  declares: boolean;
  action: ReactNode;
}): ReactElement | null {
  const { t } = useTranslation("rule");
  const me = useMe();
  const organisations = useOrganisations();
  const name = (id: string): string => organisations.find((one) => one.id === id)?.name ?? "";
  // Alone, an organisation has nobody to let in.
  if (organisations.length < 2) return null;
  return (
    <Section title={t("partner.title")} about={t("partner.about")} action={action}>
      {rule.partners.length === 0 && <p>{t("partner.none")}</p>}
      {rule.partners.map(({ owner_id: owner, partner_id: partner, declaration }) => (
        <div key={declaration.id} className={styles.item}>
          <p className={styles.value}>{t("partner.lets", { owner: name(owner), partner: name(partner) })}</p>
          <By declaration={declaration} />
          {declares && owner === me.profile.organisation.id && (
            <Withdraw act={() => withdrawPartner(declaration.id)} done={t("partner.withdrawn")} />
          )}
        </div>
      ))}
    </Section>
  );
}

/** Takes a declaration back. It stays in the record, and can be made again: nothing is asked twice. */
function Withdraw({ act, done }: { act: () => Promise<unknown>; done: string }): ReactElement {
  const { t } = useTranslation("rule");
  const toasts = useToasts();
  const sentence = useSentence();
  const [busy, setBusy] = useState(false);
  const withdraw = async (): Promise<void> => {
    setBusy(true);
    try {
      await act();
      toasts.show({ text: done });
    } catch (error) {
      toasts.show({ text: sentence(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="plain" size="s" busy={busy} onClick={() => void withdraw()} className={styles.withdraw}>
      {t("withdraw")}
    </Button>
  );
}
