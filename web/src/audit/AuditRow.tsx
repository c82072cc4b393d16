import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { AuditLine, AuditSpace, PersonCard } from "#/core/api/schema";
import { fullTime } from "#/core/format/time";
import { useFormat } from "#/core/format/useFormat";
import { useHouse } from "#/core/journal/live";
import { useDays } from "#/hosting/useDays";
import { fullName } from "#/people/names";
import styles from "./Audit.module.css";
import { ACTS, actKey } from "./acts";
import type { Sought } from "./sought";
import { type Names, reasonIn, told } from "./told";
import { useSpaceName } from "./useSpaceName";

/** A line of the audit: the act, who and where, when, and by which rule it was refused. */
export function AuditRow({
  line,
  people,
  spaces,
  onSeek,
}: {
  line: AuditLine;
  people: ReadonlyMap<string, PersonCard>;
  spaces: ReadonlyMap<string, AuditSpace>;
  onSeek: (change: Partial<Record<keyof Sought, string | undefined>>) => void;
}): ReactElement {
  const { t } = useTranslation("audit");
  const { t: refusals } = useTranslation("refusals");
  const { where } = useFormat();
  const days = useDays();
  const organisations = useHouse((house) => house.organisations);
  const nameOf = useSpaceName();
  const known = ACTS.some((act) => act === line.action);
  const person = line.person_id ? people.get(line.person_id) : undefined;
  const space = line.space_id ? spaces.get(line.space_id) : undefined;
  const names: Names = {
    person: (id) => {
      const found = people.get(id);
      return found && fullName(found);
    },
    space: (id) => {
      const found = spaces.get(id);
      return found && nameOf(found);
    },
    organisation: (id) => organisations[id]?.name,
    day: days,
  };
  return (
    <li className={styles.line}>
      <p className={styles.act}>
        <span className={styles.what}>
          {known ? t(`act.${actKey(line.action)}`) : line.action || t("unreadable")}
        </span>
        {!line.allowed && <span className={styles.refused}>{t("refused")}</span>}
        <time className={styles.when} dateTime={line.at}>
          {fullTime(Date.parse(line.at), where)}
        </time>
      </p>
      <p className={styles.who}>
        {line.person_id ? (
          <button type="button" onClick={() => onSeek({ person: line.person_id ?? undefined })}>
            {person ? fullName(person) : t("somebody")}
          </button>
        ) : (
          <span>{t("nobody")}</span>
        )}
        {line.space_id && (
          <button type="button" onClick={() => onSeek({ space: line.space_id ?? undefined })}>
            {space ? nameOf(space) : t("somewhere")}
          </button>
        )}
        {line.rule && (
          <span>
            {t("rule", { rule: refusals(`rule.${line.rule}` as "rule.role", { defaultValue: line.rule }) })}
          </span>
        )}
        {line.reason && <span>{reasonIn(line.reason, t)}</span>}
      </p>
      <p className={styles.detail}>
        <span>{t("seq", { seq: String(line.seq) })}</span>
        {told(line, t, names).map(({ key, text }) => (
          <span key={key}>{text}</span>
        ))}
      </p>
    </li>
  );
}
