import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { ResetIssued } from "#/core/api/schema";
import { fullDate } from "#/core/format/time";
import { useFormat } from "#/core/format/useFormat";
import { useMe } from "#/core/session/useMe";
import { MailToCopy } from "#/guests/MailDialog";
import { fullName } from "#/people/names";

/** The mail of a link by which somebody chooses another password. The part after # is not sent to any server. */
export function ResetDialog({ issued, onClose }: { issued: ResetIssued; onClose: () => void }): ReactElement {
  const { t } = useTranslation("guests");
  const format = useFormat();
  const me = useMe();
  const ends = Date.parse(issued.expires_at);
  const link = `${location.origin}/reset#${issued.token}`;
  const text = t("mail.reset", {
    given: issued.person.given_name,
    organisation: me.profile.organisation.name,
    link,
    // Read on another day: no word such as tomorrow.
    expires: fullDate(ends, format.where),
    time: format.clock(ends),
    by: fullName(me.profile.card),
  });
  return (
    <MailToCopy
      title={t("mail.resetTitle")}
      about={t("mail.resetAbout")}
      to={issued.email}
      text={text}
      link={link}
      onClose={onClose}
    />
  );
}
