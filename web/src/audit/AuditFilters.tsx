import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { AuditSpace, PersonCard } from "#/core/api/schema";
import { fullName } from "#/people/names";
import { Button } from "#/ui/control/Button";
import { Select, TextField } from "#/ui/control/Field";
import { IconX } from "#/ui/icon";
import styles from "./Audit.module.css";
import { ACTS, actKey } from "./acts";
import type { Sought } from "./sought";
import { useSpaceName } from "./useSpaceName";

/** What is looked for. A person or a space is chosen in a line, and let go of here. */
export function AuditFilters({
  sought,
  people,
  spaces,
  onSeek,
}: {
  sought: Sought;
  people: ReadonlyMap<string, PersonCard>;
  spaces: ReadonlyMap<string, AuditSpace>;
  onSeek: (change: Partial<Record<keyof Sought, string | undefined>>) => void;
}): ReactElement {
  const { t } = useTranslation("audit");
  const nameOf = useSpaceName();
  const person = sought.person && people.get(sought.person);
  const space = sought.space && spaces.get(sought.space);
  return (
    <section className={styles.filters} aria-label={t("filter.title")}>
      <div className={styles.fields}>
        <Select
          label={t("filter.action")}
          value={sought.action ?? ""}
          onChange={({ target }) => onSeek({ action: target.value })}
          options={[
            { value: "", label: t("filter.anyAction") },
            ...ACTS.map((value) => ({ value, label: t(`act.${actKey(value)}`) })),
          ]}
        />
        <Select
          label={t("filter.outcome")}
          value={sought.outcome ?? ""}
          onChange={({ target }) => onSeek({ outcome: target.value })}
          options={[
            { value: "", label: t("filter.anyOutcome") },
            { value: "done", label: t("filter.done") },
            { value: "refused", label: t("filter.refused") },
          ]}
        />
        <TextField
          type="date"
          label={t("filter.since")}
          value={sought.since ?? ""}
          onChange={({ target }) => onSeek({ since: target.value })}
        />
        <TextField
          type="date"
          label={t("filter.until")}
          value={sought.until ?? ""}
          onChange={({ target }) => onSeek({ until: target.value })}
        />
      </div>
      {(sought.person || sought.space) && (
        <div className={styles.chosen}>
          {sought.person && (
            <Button size="s" icon={IconX} onClick={() => onSeek({ person: undefined })}>
              {t("filter.person", { name: person ? fullName(person) : t("somebody") })}
            </Button>
          )}
          {sought.space && (
            <Button size="s" icon={IconX} onClick={() => onSeek({ space: undefined })}>
              {t("filter.space", { name: space ? nameOf(space) : t("somewhere") })}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
