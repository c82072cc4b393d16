import { useLocation } from "@tanstack/react-router";
import { type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Declaration, DeclaredApproval, DeclaredException, RuleView } from "#/core/api/schema";
import { fullDate } from "#/core/format/time";
import { useFormat } from "#/core/format/useFormat";
import { useMe } from "#/core/session/useMe";
import { Button } from "#/ui/control/Button";
import { IconPencilSimple, IconPlus, IconWarning } from "#/ui/icon";
import { ApprovalDialog } from "./ApprovalDialog";
import { ExceptionDialog } from "./ExceptionDialog";
import { OfferDialog } from "./OfferDialog";
import { PartnerDialog } from "./PartnerDialog";
import { ProfileDialog } from "./ProfileDialog";
import {
  useOrganisations,
  withdrawApproval,
  withdrawException,
  withdrawOffer,
  withdrawPartner,
} from "./queries";
import { ReadingDialog } from "./ReadingDialog";
import styles from "./Rule.module.css";
import { useDays } from "./useDays";
import { Withdraw } from "./Withdraw";

type Asked = "profile" | "reading" | "approval" | "review" | "exception" | "offer" | "partner";

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
        <p className={styles.note}>{t(`reading.${rule.reading.reading}Text`)}</p>
        <p className={styles.note}>{t("reading.binds", { bound })}</p>
        <p className={styles.note}>{t("reading.source", { source: rule.reading.source })}</p>
        <By declaration={rule.reading.declaration} fallback={t("reading.default")} />
      </Section>
      <Section
        id="approval"
        title={t("approval.title")}
        about={t("approval.about")}
        action={
          declares &&
          (rule.approval ? (
            <Button size="s" icon={IconPlus} onClick={() => setAsked("approval")}>
              {t("approval.following")}
            </Button>
          ) : (
            button("approval", false)
          ))
        }
      >
        {rule.approval ? (
          <ApprovalStands approval={rule.approval} today={rule.today} declares={declares}>
            <Button
              size="s"
              icon={IconPencilSimple}
              variant={overdue(rule.approval, rule.today) ? "primary" : "quiet"}
              onClick={() => setAsked("review")}
            >
              {t("approval.again")}
            </Button>
          </ApprovalStands>
        ) : (
          <p>{t("approval.none")}</p>
        )}
        {rule.next_approval && (
          <div className={styles.next}>
            <p className={styles.note}>{t("approval.then")}</p>
            <ApprovalStands approval={rule.next_approval} today={rule.today} declares={declares} />
          </div>
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
        {(rule.offer || (rule.reading.exceptions && rule.exceptions.length > 0)) && (
          <Offer rule={rule} action={button("offer", !!rule.offer)} declares={declares} />
        )}
      </Section>
      <Partners rule={rule} declares={declares} action={button("partner", false)} />
      <ProfileDialog rule={rule} opened={asked === "profile"} onClose={close} />
      <ReadingDialog rule={rule} opened={asked === "reading"} onClose={close} />
      <ApprovalDialog
        rule={rule}
        review={asked === "review"}
        opened={asked === "approval" || asked === "review"}
        onClose={close}
      />
      <OfferDialog rule={rule} opened={asked === "offer"} onClose={close} />
      <ExceptionDialog rule={rule} opened={asked === "exception"} onClose={close} />
      <PartnerDialog rule={rule} opened={asked === "partner"} onClose={close} />
    </>
  );
}

const inForce = ({ approval, ends_on: ends }: DeclaredApproval, today: string): boolean =>
  approval.since <= today && ends >= today;

/** In force, and its yearly review was not declared in time. */
const overdue = (declared: DeclaredApproval, today: string): boolean =>
  inForce(declared, today) && declared.review_by < today;

function Section({
  id,
  title,
  about,
  action,
  children,
}: {
  /** Who is sent to this section comes to it once it is there. */
  id?: string;
  title: string;
  about: string;
  action: ReactNode;
  children: ReactNode;
}): ReactElement {
  const { hash } = useLocation();
  const heading = useId();
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (id !== undefined && hash === id) place.current?.scrollIntoView();
  }, [id, hash]);
  return (
    <section id={id} ref={place} className={styles.section} aria-labelledby={heading}>
      <header className={styles.head}>
        <h2 id={heading} className={styles.heading}>
          {title}
        </h2>
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
  approval: stands,
  today,
  declares,
  children,
}: {
  approval: DeclaredApproval;
  today: string;
  declares: boolean;
  children?: ReactNode;
}): ReactElement {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const days = useDays();
  const { approval, declaration, ends_on: ends, review_by: review } = stands;
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
      {overdue(stands, today) ? (
        <p className={styles.overdue}>
          <IconWarning size={16} />
          {t("approval.overdue", { review: days(review) })}
        </p>
      ) : (
        inForce(stands, today) && (
          <p className={styles.note}>{t("approval.review", { review: days(review) })}</p>
        )
      )}
      <By declaration={declaration} />
      {declares && (
        <div className={styles.acts}>
          {children}
          <Withdraw id={declaration.id} act={withdrawApproval} done={t("approval.withdrawn")} />
        </div>
      )}
    </>
  );
}

function Offer({
  rule,
  action,
  declares,
}: {
  rule: RuleView;
  action: ReactNode;
  declares: boolean;
}): ReactElement {
  const { t } = useTranslation("rule");
  const days = useDays();
  const { offer, reading } = rule;
  return (
    <div className={styles.item}>
      <div className={styles.head}>
        <p className={styles.value}>
          {offer ? t("offer.since", { since: days(offer.since) }) : t("offer.none")}
        </p>
        {action}
      </div>
      <p className={styles.note}>
        {t("offer.hint", { count: reading.exception_months, source: reading.exception_source })}
      </p>
      {offer && <By declaration={offer.declaration} />}
      {offer && declares && (
        <Withdraw id={offer.declaration.id} act={withdrawOffer} done={t("offer.withdrawn")} />
      )}
    </div>
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
        {t("exception.dates", { since: days(exception.granted_on), until: days(ends) })}
      </p>
      <By declaration={declaration} />
      {declares && <Withdraw id={declaration.id} act={withdrawException} done={t("exception.withdrawn")} />}
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
            <Withdraw id={declaration.id} act={withdrawPartner} done={t("partner.withdrawn")} />
          )}
        </div>
      ))}
    </Section>
  );
}
