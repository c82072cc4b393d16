import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useSentence } from "#/core/i18n/useSentence";
import { useStore } from "#/core/store";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { ProgressLine } from "#/ui/control/ProgressLine";
import { IconDownloadSimple } from "#/ui/icon";
import { FormProblem } from "#/ui/state/FormProblem";
import type { SpaceRow } from "../spaces";
import styles from "./Export.module.css";
import { type Export, exportSpace, exports } from "./exports";

/** Taking away what a space holds: asked for here, fetched by the browser, with word of how far it is. */
export function ExportSection({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("labels");
  const sentence = useSentence();
  const held = useStore(exports, (all) => all[row.id]);
  const begin = useAct(() => exportSpace(row.id));
  const under = held !== undefined && (held.state === null || held.state === "running");
  return (
    <section id="export" aria-labelledby="export-title">
      <h2 className={styles.head} id="export-title">
        {t("export.title")}
      </h2>
      <p className={styles.about}>{t("export.about")}</p>
      {held && <Way held={held} />}
      {begin.error && <FormProblem text={sentence(begin.error)} />}
      {(!under || held.state === null) && (
        <Button icon={IconDownloadSimple} busy={begin.isPending} onClick={() => begin.mutate()}>
          {t(held ? "export.again" : "export.act")}
        </Button>
      )}
    </section>
  );
}

/** How far it is, in words that a screen reader hears when they change for good. */
function Way({ held }: { held: Export }): ReactElement {
  const { t } = useTranslation("labels");
  const format = useFormat();
  const { ticket, state, share, because } = held;
  const sent = format.size(held.sent);
  const holds = [
    t("export.messages", { count: ticket.messages }),
    ticket.files > 0
      ? t("export.files", { count: ticket.files, size: format.size(ticket.size) })
      : t("export.noFiles"),
  ];
  const said = (): string => {
    if (state === "done") return t("export.done", { sent });
    if (state !== "stopped") return t("export.starting");
    if (because === "left") return t("export.stoppedLeft");
    return t(because === "refused" || because === "not-found" ? "export.stoppedRights" : "export.stopped");
  };
  return (
    <div className={styles.way}>
      <p className={styles.name}>{ticket.name}</p>
      <p className={styles.holds}>{format.names(holds, holds.length)}</p>
      {state === "running" ? (
        <>
          <ProgressLine share={share} label={t("export.progress")} />
          <p className={styles.holds}>{t("export.running", { percent: format.percent(share), sent })}</p>
        </>
      ) : (
        <p role="status">{said()}</p>
      )}
    </div>
  );
}
