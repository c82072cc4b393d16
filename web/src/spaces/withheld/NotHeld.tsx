import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { daysAfter } from "#/hosting/days";
import { useDays } from "#/hosting/useDays";
import { IconLockSimple } from "#/ui/icon";
import { Withheld } from "#/ui/state/Withheld";
import { held } from "../obstacle";
import { possible } from "../refusal/possible";
import { ReadRule } from "../refusal/ReadRule";
import { wayWith } from "../refusal/ways";
import type { SpaceRow } from "../spaces";

/** A space whose label the instance may not hold today: which rule says so, what is safe, and what one can do. */
export function NotHeld({ row }: { row: SpaceRow }): ReactElement | null {
  const { t } = useTranslation("refusals");
  const { abilities } = useMe();
  const days = useDays();
  const holdings = useHouse((house) => house.holdings);
  const told = held(row.holding)?.told;
  if (!told) return null;
  const { rule, reason, source } = told;
  const given = { row, elsewhere: [], asGuest: false, offers: {} };
  const { until, then_state: next } = row.holding ?? {};
  // What was declared ahead opens it by itself, on a day that is known.
  const opens = until && next === "open" ? t("held.opens", { day: days(daysAfter(until, 1)) }) : "";
  const ways = possible(told, { row, spaces: [], abilities, holdings, offers: [] });
  return (
    <Withheld
      icon={IconLockSimple}
      title={t("held.closedTitle")}
      text={`${reason ? t(`why.${reason}`) : t(`title.rule.${rule}`)} ${opens}`.trimEnd()}
      note={t("held.closedKept")}
      ways={ways.map((way) => ({ key: way, ...wayWith(way, given) }))}
      rule={
        <>
          {t(`by.${source ?? "instance"}`, { rule: t(`rule.${rule}`), organisation: t("theOrganisation") })}{" "}
          <ReadRule rule={rule} label={row.own.space.label}>
            {t("read")}
          </ReadRule>
        </>
      }
    />
  );
}
