import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { AuditLine, AuditSpace, PersonCard } from "#/core/api/schema";
import { fullTime } from "#/core/format/time";
import { useFormat } from "#/core/format/useFormat";
import { fullName } from "#/people/names";
import styles from "./Audit.module.css";
import { ACTS, actKey } from "./acts";
import type { Sought } from "./sought";
import { useSpaceName } from "./useSpaceName";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;
const WORD = /^[a-z-]+$/u;
/** As the server writes what is so and what is not. */
const TRUTH = new Map([
  ["True", "yes"],
  ["False", "no"],
] as const);

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
  const nameOf = useSpaceName();
  const known = ACTS.some((act) => act === line.action);
  const person = line.person_id ? people.get(line.person_id) : undefined;
  const space = line.space_id ? spaces.get(line.space_id) : undefined;
  const name = (value: string): string => {
    const found = people.get(value);
    if (found) return fullName(found);
    const act = ACTS.find((one) => one === value);
    if (act) return t(`act.${actKey(act)}`);
    if (UUID.test(value)) return value.slice(-8);
    const truth = TRUTH.get(value as "True");
    if (truth) return t(`value.${truth}`);
    return WORD.test(value) ? t(`value.${value}` as "value.public", { defaultValue: value }) : value;
  };
  const rule = line.rule && refusals(`title.rule.${line.rule}` as "title.rule.role");
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
        {rule && <span>{rule}</span>}
        {!rule && line.reason && <span>{name(line.reason)}</span>}
      </p>
      <p className={styles.detail}>
        <span>{t("seq", { seq: String(line.seq) })}</span>
        {Object.entries(line.detail).map(([key, value]) => (
          <span key={key}>
            {t("pair", {
              key: t(`detail.${key}` as "detail.how", { defaultValue: key }),
              value: name(value),
            })}
          </span>
        ))}
      </p>
    </li>
  );
}
