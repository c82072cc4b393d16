import { Link } from "@tanstack/react-router";
import { type ReactElement, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormat, useMinute } from "#/core/format/useFormat";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { useStore } from "#/core/store";
import { useDays } from "#/hosting/useDays";
import { IconButton } from "#/ui/control/IconButton";
import { IconClockCounterClockwise, IconWarning, IconX } from "#/ui/icon";
import { LABELS } from "#/ui/mark/LabelPill";
import type { SpaceRow } from "../spaces";
import { useSpaceLists } from "../useSpaces";
import { dismiss, dismissed } from "./dismissed";
import styles from "./Holding.module.css";
import { type Ending, endingOf, nameOf } from "./terms";

/** To whom the ends of what is declared are told: who manages a space of the label, and who administers. */
function useEndings(rows: readonly SpaceRow[]): readonly Ending[] {
  const holdings = useHouse((house) => house.holdings);
  const { abilities } = useMe();
  const today = useToday();
  const gone = useStore(dismissed, (names) => names);
  const administers = abilities.includes("hosting:declaration:make");
  return useMemo(() => {
    const managed = new Set(
      rows.filter(({ own }) => own.role === "manager").map(({ own }) => own.space.label),
    );
    return LABELS.flatMap((label) => {
      const ending = endingOf(holdings[label] ?? null, today);
      const told = administers || managed.has(label);
      return ending && told && !gone.includes(nameOf(ending)) ? [ending] : [];
    });
  }, [rows, holdings, administers, today, gone]);
}

/** The day of this device; who looks on from afar may be told a day early, which is no harm. */
function useToday(): string {
  const now = useMinute();
  const day = new Date(now);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** In a space: what it may still hold ends soon. For its managers, and for administrators. */
export function SpaceEnding({ row }: { row: SpaceRow }): ReactElement | null {
  const rows = useMemo(() => [row], [row]);
  const ending = useEndings(rows).find(({ label }) => label === row.own.space.label);
  return ending ? <Line endings={[ending]} named={false} /> : null;
}

/** On the first page: which labels end soon, those that end together in one line. */
export function PlaceEndings(): ReactElement | null {
  const { spaces } = useSpaceLists();
  const endings = useEndings(spaces);
  const together = new Map<string, Ending[]>();
  for (const ending of endings) {
    const key = `${ending.until}.${ending.holding.then_reason}`;
    together.set(key, [...(together.get(key) ?? []), ending]);
  }
  if (together.size === 0) return null;
  return (
    <div className={styles.place}>
      {[...together].map(([key, alike]) => (
        <Line key={key} endings={alike} named />
      ))}
    </div>
  );
}

function Line({ endings, named }: { endings: readonly Ending[]; named: boolean }): ReactElement | null {
  const { t, i18n } = useTranslation("refusals");
  const { t: rule } = useTranslation("rule");
  const days = useDays();
  const format = useFormat();
  const [one] = endings;
  if (!one) return null;
  const { then_reason: reason, then_state: state } = one.holding;
  const known = reason !== null && i18n.exists(`rule:then.${reason}`);
  const next = known
    ? rule(`then.${reason}` as "then.approval-expired")
    : t(`ending.next.${state ?? "closed"}`);
  const labels = format.names(
    endings.map(({ label }, at) => (at === 0 ? t(`ending.of.${label}`) : t(`ending.also.${label}`))),
    endings.length,
  );
  const until = days(one.until);
  const firm = one.threshold < 90;
  const Drawing = firm ? IconWarning : IconClockCounterClockwise;
  return (
    <div className={styles.line} data-tone={firm ? "firm" : "quiet"} role="status">
      <Drawing size={18} />
      <p className={styles.words}>
        {named && <strong>{t("ending.labels", { labels })} </strong>}
        {one.days === 0
          ? t("ending.today", { until, next })
          : t("ending.space", { count: one.days, until, next })}{" "}
        {firm && `${t("ending.todo")} `}
        <Link to="/rule">{t("ending.see")}</Link>
      </p>
      <IconButton
        icon={IconX}
        label={t("ending.dismiss")}
        side="left"
        onClick={() => dismiss(endings.map(nameOf))}
      />
    </div>
  );
}
