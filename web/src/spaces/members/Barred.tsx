import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { MemberView } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { PersonLine } from "#/people/PersonLine";
import { usePerson } from "#/people/usePerson";
import { Button } from "#/ui/control/Button";
import { IconUserMinus } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { removeMember, useBarred } from "../queries";
import { may, type SpaceRow } from "../spaces";
import styles from "./Barred.module.css";

const WHY = ["suspended", "other-organisation"] as const;

/** Why somebody cannot come in any more, as the words name it; what this window does not know yet is said in general. */
export const barredBy = (reason: string | null): (typeof WHY)[number] | "other" =>
  WHY.find((known) => known === reason) ?? "other";

/** Members who cannot come in any more, above the list, for whoever may put them out. */
export function Barred({ row }: { row: SpaceRow }): ReactElement | null {
  const { t } = useTranslation("spaces");
  const mayRemove = may(row.own, "spaces:member:remove");
  const barred = useBarred(row.id, mayRemove && row.own.barred > 0);
  if (barred.length === 0) return null;
  return (
    <section className={styles.barred} aria-labelledby="barred">
      <h3 id="barred" className={styles.title}>
        {t("barred.title", { count: barred.length })}
      </h3>
      <p className={styles.text}>{t("barred.text")}</p>
      <ul>
        {barred.map((member) => (
          <One key={member.person_id} row={row} member={member} />
        ))}
      </ul>
    </section>
  );
}

function One({ row, member }: { row: SpaceRow; member: MemberView }): ReactElement | null {
  const { t } = useTranslation("spaces");
  const sentence = useSentence();
  const toasts = useToasts();
  const person = usePerson(member.person_id);
  const remove = useAct(() => removeMember(row.id, member.person_id));
  if (!person) return null;
  const name = fullName(person);
  const putOut = async (): Promise<void> => {
    try {
      await remove.mutateAsync();
      toasts.show({ text: t("members.removed", { name }) });
    } catch (error) {
      toasts.show({ text: sentence(error) });
    }
  };
  return (
    <li className={styles.one}>
      <PersonLine person={person} />
      <span className={styles.why}>{t(`barred.why.${barredBy(member.barred ?? null)}`)}</span>
      <Button
        size="s"
        icon={IconUserMinus}
        aria-label={t("barred.removeOf", { name })}
        busy={remove.isPending}
        onClick={() => void putOut()}
      >
        {t("barred.remove")}
      </Button>
    </li>
  );
}
