import { type FormEvent, type ReactElement, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { addressFits } from "#/app/pages/firstForm";
import { ProblemError } from "#/core/api/errors";
import type { GuestBook, GuestStay, InvitationView, Issued, Role } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useFailure, useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { useDays } from "#/hosting/useDays";
import { face, fullName } from "#/people/names";
import { removeMember } from "#/spaces/queries";
import { RefusedBy } from "#/spaces/RefusedBy";
import type { SpaceRow } from "#/spaces/spaces";
import { Button } from "#/ui/control/Button";
import { Choice } from "#/ui/control/Choice";
import { TextField } from "#/ui/control/Field";
import { IconButton } from "#/ui/control/IconButton";
import { useField } from "#/ui/control/useField";
import { IconCalendarBlank, IconDotsThree, IconUserMinus, IconUserPlus } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { Dialog } from "#/ui/layer/Dialog";
import { Menu, MenuItem } from "#/ui/layer/Menu";
import { SidePanel } from "#/ui/layer/SidePanel";
import { useToasts } from "#/ui/layer/Toasts";
import { ErrorState } from "#/ui/state/ErrorState";
import { FormProblem } from "#/ui/state/FormProblem";
import { RowBones } from "#/ui/state/Skeleton";
import styles from "./Guests.module.css";
import { InvitationMenu } from "./InvitationMenu";
import { linkUntil } from "./lasting";
import { MailDialog } from "./MailDialog";
import { inviteGuest, prolongStay, renewInvitation, revokeInvitation, useGuestBook } from "./queries";

// Nobody from outside manages a space.
const ROLES = ["reader", "contributor"] as const satisfies readonly Role[];

/** A space's guests: inviting one, who is invited, and until when. */
export function GuestPanel({
  row,
  onClose,
  onAddMember,
}: {
  row: SpaceRow;
  onClose: () => void;
  onAddMember: () => void;
}): ReactElement {
  const { t } = useTranslation("guests");
  const failure = useFailure();
  const { data, error, refetch } = useGuestBook(row.id);
  const [issued, setIssued] = useState<Issued | null>(null);
  // The form of who comes next: nothing is missing in it yet.
  const [forms, setForms] = useState(0);
  const prepared = (made: Issued): void => {
    setForms(forms + 1);
    setIssued(made);
  };
  return (
    <SidePanel title={t("panel.title")} onClose={onClose}>
      {data ? (
        <>
          <InviteForm key={forms} row={row} book={data} onIssued={prepared} onAddMember={onAddMember} />
          {data.invitations.length > 0 && (
            <section className={styles.section}>
              <h3 className={styles.heading}>{t("panel.waiting")}</h3>
              <ul className={styles.list}>
                {data.invitations.map((one) => (
                  <Waiting key={one.id} row={row} invitation={one} onIssued={setIssued} />
                ))}
              </ul>
            </section>
          )}
          <section className={styles.section}>
            <h3 className={styles.heading}>{t("panel.here")}</h3>
            {data.guests.length === 0 && <p className={styles.quiet}>{t("panel.nobody")}</p>}
            <ul className={styles.list}>
              {data.guests.map((stay) => (
                <Stay key={stay.person.id} row={row} stay={stay} book={data} />
              ))}
            </ul>
          </section>
        </>
      ) : error ? (
        <ErrorState small {...failure(error)} onRetry={() => void refetch()} />
      ) : (
        <RowBones count={4} height={52} />
      )}
      {issued && <MailDialog issued={issued} space={row.name} onClose={() => setIssued(null)} />}
    </SidePanel>
  );
}

function useEndField(initial: string, book: GuestBook): ReturnType<typeof useField> {
  const { t } = useTranslation("guests");
  const days = useDays();
  return useField(initial, (day) =>
    day >= book.today && day <= book.latest_end
      ? null
      : t("panel.endWrong", { latest: days(book.latest_end) }),
  );
}

function InviteForm({
  row,
  book,
  onIssued,
  onAddMember,
}: {
  row: SpaceRow;
  book: GuestBook;
  onIssued: (issued: Issued) => void;
  onAddMember: () => void;
}): ReactElement {
  const { t } = useTranslation("guests");
  const { t: app } = useTranslation();
  const { t: spaces } = useTranslation("spaces");
  const sentence = useSentence();
  const form = useRef<HTMLFormElement>(null);
  const needed = (text: string): string | null => (text.trim() === "" ? t("panel.needed") : null);
  const email = useField(
    "",
    (text) => needed(text) ?? (addressFits(text) ? null : app("signIn.addressWrong")),
  );
  const given = useField("", needed);
  const family = useField("", needed);
  const end = useEndField(book.default_end, book);
  const [role, setRole] = useState<Role>("contributor");
  const invite = useAct((asked: Parameters<typeof inviteGuest>[1]) => inviteGuest(row.id, asked));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (invite.isPending) return;
    if (![email, given, family, end].map((field) => field.check()).every(Boolean)) {
      form.current?.querySelector<HTMLElement>("input:invalid, [aria-invalid]")?.focus();
      return;
    }
    invite.mutate(
      {
        email: email.value.trim(),
        given_name: given.value.trim(),
        family_name: family.value.trim(),
        role,
        ends_on: end.value,
      },
      { onSuccess: onIssued },
    );
  };
  const { error } = invite;
  const agent = error instanceof ProblemError && error.code === "agent-address";
  return (
    <form ref={form} className={styles.form} noValidate onSubmit={submit}>
      <p className={styles.quiet}>{t("panel.about")}</p>
      <TextField
        {...email.input}
        label={t("panel.email")}
        type="email"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <div className={styles.pair}>
        <TextField {...given.input} label={t("panel.given")} autoComplete="off" />
        <TextField {...family.input} label={t("panel.family")} autoComplete="off" />
      </div>
      <Choice
        legend={t("panel.role")}
        value={role}
        onChange={setRole}
        options={ROLES.map((value) => ({ value, label: spaces(`role.${value}`) }))}
      />
      <TextField
        {...end.input}
        type="date"
        label={t("panel.end")}
        hint={t("panel.endHint")}
        min={book.today}
        max={book.latest_end}
      />
      {agent ? (
        <>
          <FormProblem text={t("panel.agent")} />
          <Button icon={IconUserPlus} onClick={onAddMember}>
            {t("panel.addMember")}
          </Button>
        </>
      ) : (
        error && (
          <RefusedBy
            error={error}
            label={row.own.space.label}
            fallback={<FormProblem text={sentence(error)} />}
          />
        )
      )}
      <Button type="submit" variant="primary" wide busy={invite.isPending}>
        {t("panel.submit")}
      </Button>
    </form>
  );
}

function Waiting({
  row,
  invitation,
  onIssued,
}: {
  row: SpaceRow;
  invitation: InvitationView;
  onIssued: (issued: Issued) => void;
}): ReactElement {
  const { t } = useTranslation("guests");
  const { t: spaces } = useTranslation("spaces");
  const { where } = useFormat();
  const days = useDays();
  const last = linkUntil(invitation, where);
  return (
    <li>
      <span className={styles.who}>
        <span className={styles.cut}>{fullName(invitation)}</span>
        <span className={styles.about}>{invitation.email}</span>
        <span className={styles.about}>
          {invitation.over
            ? t("panel.ranOut")
            : t(last === invitation.ends_on ? "panel.waitsSame" : "panel.waits", {
                role: spaces(`role.${invitation.role ?? "reader"}`),
                end: days(invitation.ends_on ?? last),
                until: days(last),
              })}
        </span>
      </span>
      <InvitationMenu
        invitation={invitation}
        renew={() => renewInvitation(row.id, invitation.id)}
        revoke={() => revokeInvitation(row.id, invitation.id)}
        onIssued={onIssued}
      />
    </li>
  );
}

function Stay({ row, stay, book }: { row: SpaceRow; stay: GuestStay; book: GuestBook }): ReactElement {
  const { t } = useTranslation("guests");
  const days = useDays();
  const toasts = useToasts();
  const sentence = useSentence();
  const [prolonging, setProlonging] = useState(false);
  const name = fullName(stay.person);
  const remove = useAct(() => removeMember(row.id, stay.person.id));
  return (
    <li>
      <Avatar person={face(stay.person)} size={32} />
      <span className={styles.who}>
        <span className={styles.cut}>{name}</span>
        <span className={styles.about}>{t("panel.until", { until: days(stay.ends_on) })}</span>
      </span>
      <Menu
        label={t("panel.menuGuest", { name })}
        trigger={<IconButton icon={IconDotsThree} label={t("panel.menuGuest", { name })} />}
      >
        <MenuItem icon={IconCalendarBlank} onSelect={() => setProlonging(true)}>
          {t("panel.prolong")}
        </MenuItem>
        <MenuItem
          icon={IconUserMinus}
          danger
          onSelect={() =>
            remove.mutate(undefined, {
              onSuccess: () => toasts.show({ text: t("panel.removed", { name }) }),
              onError: (error) => toasts.show({ text: sentence(error) }),
            })
          }
        >
          {t("panel.remove")}
        </MenuItem>
      </Menu>
      {prolonging && <Prolong row={row} stay={stay} book={book} onClose={() => setProlonging(false)} />}
    </li>
  );
}

function Prolong({
  row,
  stay,
  book,
  onClose,
}: {
  row: SpaceRow;
  stay: GuestStay;
  book: GuestBook;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("guests");
  const { t: ui } = useTranslation("ui");
  const days = useDays();
  const toasts = useToasts();
  const sentence = useSentence();
  const form = useId();
  const name = fullName(stay.person);
  const end = useEndField(stay.ends_on, book);
  const prolong = useAct((day: string) => prolongStay(row.id, stay.person.id, day));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (prolong.isPending || !end.check()) return;
    prolong.mutate(end.value, {
      onSuccess: () => {
        toasts.show({ text: t("panel.prolonged", { name, until: days(end.value) }) });
        onClose();
      },
    });
  };
  return (
    <Dialog
      opened
      title={t("panel.prolongOf", { name })}
      onClose={onClose}
      width={420}
      actions={
        <>
          <Button variant="plain" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button variant="primary" type="submit" form={form} busy={prolong.isPending}>
            {t("panel.save")}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className={styles.form}>
        <TextField
          {...end.input}
          type="date"
          label={t("panel.end")}
          hint={t("panel.endHint")}
          min={book.today}
          max={book.latest_end}
        />
        {prolong.error && <FormProblem text={sentence(prolong.error)} />}
      </form>
    </Dialog>
  );
}
