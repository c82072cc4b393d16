import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Select } from "#/ui/control/Field";
import styles from "./Administration.module.css";
import type { SoughtPeople } from "./queries";

/** One choice for what somebody is here: an office, or the kind of their account. */
const ROLES = {
  administrator: { office: "administrator" },
  officer: { office: "officer" },
  agent: { kind: "agent" },
  guest: { kind: "guest" },
} as const satisfies Record<string, SoughtPeople>;
type Role = keyof typeof ROLES;

/** Who is looked for, beside their name. */
export function PeopleFilters({
  sought,
  onSeek,
}: {
  sought: SoughtPeople;
  onSeek: (sought: SoughtPeople) => void;
}): ReactElement {
  const { t } = useTranslation("administration");
  const { account = "" } = sought;
  return (
    <div className={styles.filters}>
      <Select
        label={t("role.label")}
        value={sought.office || sought.kind || ""}
        onChange={({ target }) => onSeek({ account, ...(target.value && ROLES[target.value as Role]) })}
        options={[
          { value: "", label: t("role.any") },
          ...(Object.keys(ROLES) as Role[]).map((value) => ({ value, label: t(`role.${value}`) })),
        ]}
      />
      <Select
        label={t("state.label")}
        value={account}
        onChange={({ target }) => onSeek({ ...sought, account: target.value as typeof account })}
        options={[
          { value: "", label: t("state.any") },
          { value: "active", label: t("state.active") },
          { value: "suspended", label: t("state.suspended") },
        ]}
      />
    </div>
  );
}
