import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { useFormat } from "#/core/format/useFormat";
import { useFailure, useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { IconCheck, IconDownloadSimple, IconWarningCircle } from "#/ui/icon";
import { EmptyState } from "#/ui/state/EmptyState";
import { ErrorState } from "#/ui/state/ErrorState";
import { FormProblem } from "#/ui/state/FormProblem";
import { RowBones } from "#/ui/state/Skeleton";
import styles from "./Audit.module.css";
import { AuditFilters } from "./AuditFilters";
import { AuditRow } from "./AuditRow";
import { useAudit, verifyAudit } from "./queries";
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
        <Chain />
        <Trail />
      </div>
    </div>
  );
}

/** Verifies the whole chain, and takes it away as a file. */
function Chain(): ReactElement {
  const { t } = useTranslation("audit");
  const sentence = useSentence();
  const verify = useAct(verifyAudit);
  const verdict = verify.data;
  return (
    <section className={styles.chain} aria-label={t("chain")}>
      <div className={styles.acts}>
        <Button busy={verify.isPending} onClick={() => verify.mutate()}>
          {t("verify")}
        </Button>
        <a className={styles.export} href="/api/audit/export" download>
          <IconDownloadSimple size={18} />
          {t("export")}
        </a>
      </div>
      <div role="status">
        {verdict && verdict.broken_at === null && (
          <>
            <p className={styles.holds}>
              <IconCheck size={18} />
              {t("holds", { count: verdict.lines })}
            </p>
            <p className={styles.hash}>{t("last", { hash: verdict.last })}</p>
          </>
        )}
        {verdict && verdict.broken_at !== null && (
          <p className={styles.broken}>
            <IconWarningCircle size={18} />
            {t("broken", { line: verdict.broken_at })}
          </p>
        )}
      </div>
      {verify.error && <FormProblem text={sentence(verify.error)} />}
    </section>
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
