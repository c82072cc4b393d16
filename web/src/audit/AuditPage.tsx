import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { InAdministration } from "#/administration/session/InAdministration";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { useFormat } from "#/core/format/useFormat";
import { useFailure } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { Button } from "#/ui/control/Button";
import { EmptyState } from "#/ui/state/EmptyState";
import { ErrorState } from "#/ui/state/ErrorState";
import { RowBones } from "#/ui/state/Skeleton";
import styles from "./Audit.module.css";
import { AuditFilters } from "./AuditFilters";
import { AuditRow } from "./AuditRow";
import { Chain } from "./Chain";
import { useAudit } from "./queries";
import type { Sought } from "./sought";

const route = getRouteApi("/house/administration/audit");

/** The audit, for those who answer for the instance: who did what, where and when, and no content. */
export function AuditPage(): ReactElement {
  const { t } = useTranslation("audit");
  const me = useMe();
  useDocumentTitle(t("title"));
  if (!me.abilities.includes("audit:trail:read")) return <EmptyState whole text={t("notYours")} />;
  return (
    <div className={styles.page}>
      <div className={styles.inside}>
        <h1 className={styles.title}>{t("title")}</h1>
        <p className={styles.about}>{t("about")}</p>
        <InAdministration>
          <Chain />
          <Trail />
        </InAdministration>
      </div>
    </div>
  );
}

function Trail(): ReactElement {
  const { t } = useTranslation("audit");
  const failure = useFailure();
  const { number } = useFormat();
  const sought = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useAudit(sought);
  const seek = (change: Partial<Record<keyof Sought, string | undefined>>): void => {
    const next = Object.entries({ ...sought, ...change }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next) as Sought, replace: true });
  };
  const people = new Map(data?.flatMap((page) => page.people).map((card) => [card.id, card]));
  const spaces = new Map(data?.flatMap((page) => page.spaces).map((space) => [space.id, space]));
  const lines = data?.flatMap((page) => page.lines) ?? [];
  return (
    <>
      <AuditFilters sought={sought} people={people} spaces={spaces} onSeek={seek} />
      {error && !data && <ErrorState small {...failure(error)} onRetry={() => void refetch()} />}
      {!data && !error && <RowBones count={8} height={56} />}
      {data && lines.length === 0 && <EmptyState small text={t("none")} />}
      <ul className={styles.lines} aria-label={t("lines", { shown: number(lines.length) })}>
        {lines.map((line) => (
          <AuditRow key={line.seq} line={line} people={people} spaces={spaces} onSeek={seek} />
        ))}
      </ul>
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("older")}
        </Button>
      )}
    </>
  );
}
