import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useMe } from "#/core/session/useMe";
import { useDays } from "#/hosting/useDays";
import { fullName } from "#/people/names";
import { ButtonLink } from "#/ui/control/Button";
import { IconEye, IconPackage } from "#/ui/icon";
import { held } from "../obstacle";
import { useOfficers } from "../refusal/asking";
import { ReadRule } from "../refusal/ReadRule";
import { may, type SpaceRow } from "../spaces";
import styles from "./Holding.module.css";

/** Under a space's header, while it is read-only: by which rule, until when, whom to ask; taking it away, for who may. */
export function HoldingLine({ row }: { row: SpaceRow }): ReactElement | null {
  const { t } = useTranslation("refusals");
  const days = useDays();
  const found = held(row.holding);
  // Where it is closed the page says all this in the place of what it would show.
  if (found?.state !== "read-only") return null;
  const { reason, rule } = found.told;
  const until = row.holding?.until;
  return (
    <div className={styles.line} data-tone="firm" role="status">
      <IconEye size={18} />
      <p className={styles.words}>
        <strong>{t("held.read-only")}</strong> {reason ? t(`why.${reason}`) : t(`title.rule.${rule}`)}{" "}
        {until && `${t("held.until", { until: days(until) })} `}
        <Whom />{" "}
        <ReadRule rule={rule} label={row.own.space.label}>
          {t("held.rule")}
        </ReadRule>
      </p>
      {may(row.own, "spaces:space:export") && (
        <ButtonLink
          to="/spaces/$spaceId/settings"
          params={{ spaceId: row.id }}
          hash="export"
          size="s"
          icon={IconPackage}
          className={styles.take ?? ""}
        >
          {t("held.take")}
        </ButtonLink>
      )}
    </div>
  );
}

const NAMED = 2;

/** Who may change what is declared, for agents. */
function Whom(): ReactElement | null {
  const { abilities } = useMe();
  return abilities.includes("hosting:declaration:read") ? <Named /> : null;
}

function Named(): ReactElement | null {
  const { t } = useTranslation("refusals");
  const format = useFormat();
  const officers = useOfficers();
  if (officers.length === 0) return null;
  const names = format.names(officers.map(fullName), NAMED);
  return <>{t("way.ask-officer.text", { count: officers.length, names })}</>;
}
