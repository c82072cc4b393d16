import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "#/chat/list/copy";
import type { AuditVerdict } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { IconCheck, IconCopy, IconDownloadSimple, IconWarningCircle } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import styles from "./Audit.module.css";
import { verifyAudit } from "./queries";

const HASH = /^[0-9a-f]{64}$/u;
const read = (text: string): string => text.trim().toLowerCase();

/** Verifies the whole chain, against what was kept of it if one says so, and takes it away as a file. */
export function Chain(): ReactElement {
  const { t } = useTranslation("audit");
  const sentence = useSentence();
  const verify = useAct(verifyAudit);
  const kept = useField("", (text) => (read(text) && !HASH.test(read(text)) ? t("kept.wrong") : null));
  return (
    <section className={styles.chain} aria-label={t("chain")}>
      <TextField
        {...kept.input}
        label={t("kept.label")}
        hint={t("kept.hint")}
        optional
        autoComplete="off"
        spellCheck={false}
      />
      <div className={styles.acts}>
        <Button busy={verify.isPending} onClick={() => kept.check() && verify.mutate(read(kept.value))}>
          {t("verify")}
        </Button>
        <a className={styles.export} href="/api/audit/export" download>
          <IconDownloadSimple size={18} />
          {t("export")}
        </a>
      </div>
      <div role="status">
        {verify.data && <Verdict verdict={verify.data} asked={verify.variables !== ""} />}
      </div>
      {verify.error && <FormProblem text={sentence(verify.error)} />}
    </section>
  );
}

function Verdict({ verdict, asked }: { verdict: AuditVerdict; asked: boolean }): ReactElement {
  const { t } = useTranslation("audit");
  const { broken_at: broken, kept_at: at, last, lines, noted } = verdict;
  const whole = broken === null;
  return (
    <>
      {whole ? (
        <p className={styles.holds}>
          <IconCheck size={18} />
          {t("holds", { count: lines })}
        </p>
      ) : (
        <p className={styles.broken}>
          <IconWarningCircle size={18} />
          {t("broken", { line: broken })}
        </p>
      )}
      {at !== null && (
        <p className={styles.holds}>
          <IconCheck size={18} />
          {t("kept.there", { line: at })}
        </p>
      )}
      {whole && asked && at === null && (
        <p className={styles.broken}>
          <IconWarningCircle size={18} />
          {t("kept.gone")}
        </p>
      )}
      {whole && <Last hash={last} />}
      {!noted && <p className={styles.hash}>{t("notNoted")}</p>}
    </>
  );
}

/** The last line's hash, to keep elsewhere. */
function Last({ hash }: { hash: string }): ReactElement {
  const { t } = useTranslation("audit");
  const toasts = useToasts();
  const take = async (): Promise<void> => {
    toasts.show({ text: t((await copyText(hash)) ? "copied" : "notCopied") });
  };
  return (
    <div className={styles.last}>
      <p className={styles.hash}>{t("last", { hash })}</p>
      <Button size="s" icon={IconCopy} onClick={() => void take()}>
        {t("copy")}
      </Button>
    </div>
  );
}
