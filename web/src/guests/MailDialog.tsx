import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "#/chat/list/copy";
import type { Issued } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useMe } from "#/core/session/useMe";
import { useDays } from "#/hosting/useDays";
import { fullName } from "#/people/names";
import { Button } from "#/ui/control/Button";
import { TextArea, TextField } from "#/ui/control/Field";
import { IconCopy, IconLink } from "#/ui/icon";
import { Dialog } from "#/ui/layer/Dialog";
import styles from "./Guests.module.css";
import { linkUntil } from "./lasting";

/** The link of an invitation. The part after # is not sent to any server, so that no log holds it. */
export const linkOf = (token: string): string => `${location.origin}/invitation#${token}`;

/** What an invitation's mail says, to be copied: the link is shown this once. `space`: where a guest is invited to. */
export function MailDialog({
  issued,
  space,
  onClose,
}: {
  issued: Issued;
  space?: string;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("guests");
  const { where } = useFormat();
  const days = useDays();
  const me = useMe();
  const { invitation, token } = issued;
  const about = {
    given: invitation.given_name,
    organisation: me.profile.organisation.name,
    link: linkOf(token),
    expires: days(linkUntil(invitation, where)),
    by: fullName(me.profile.card),
  };
  const text =
    invitation.kind === "guest"
      ? t("mail.guest", { ...about, space: space ?? "", until: days(invitation.ends_on ?? "") })
      : t("mail.agent", about);
  return (
    <MailToCopy
      title={t("mail.title")}
      about={t("mail.about", about)}
      to={invitation.email}
      text={text}
      link={about.link}
      onClose={onClose}
    />
  );
}

/** A mail that somebody sends themselves, with a link that is shown this once. */
export function MailToCopy({
  title,
  about,
  to,
  text,
  link,
  onClose,
}: {
  title: string;
  about: string;
  to: string;
  text: string;
  link: string;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("guests");
  const [told, setTold] = useState<boolean | null>(null);
  const copy = async (what: string): Promise<void> => setTold(await copyText(what));
  return (
    <Dialog
      opened
      title={title}
      width={560}
      onClose={onClose}
      actions={
        <>
          <Button variant="plain" icon={IconLink} onClick={() => void copy(link)}>
            {t("mail.copyLink")}
          </Button>
          <Button variant="primary" icon={IconCopy} onClick={() => void copy(text)}>
            {t("mail.copy")}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <p className={styles.quiet}>{about}</p>
        <TextField label={t("mail.to")} value={to} readOnly />
        <TextArea label={t("mail.text")} value={text} readOnly rows={11} className={styles.mail} />
        <p className={styles.quiet} role="status">
          {told !== null && t(told ? "mail.copied" : "mail.notCopied")}
        </p>
      </div>
    </Dialog>
  );
}
