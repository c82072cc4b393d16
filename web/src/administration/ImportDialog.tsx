import { type ReactElement, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "#/core/api/errors";
import type { ImportDone, ImportPreview } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { linkOf } from "#/guests/MailDialog";
import { Button } from "#/ui/control/Button";
import { IconDownloadSimple, IconUploadSimple } from "#/ui/icon";
import { Dialog } from "#/ui/layer/Dialog";
import { FormProblem } from "#/ui/state/FormProblem";
import styles from "./Administration.module.css";
import { csv, download } from "./links";
import { importAgents, previewImport } from "./queries";

const REASONS = ["encoding", "empty", "columns", "too-wide", "too-many", "quotes"] as const;

/** Invites everybody on a list: first what it would do is shown, then it is done; lines that are wrong are left out. */
export function ImportDialog({ onClose }: { onClose: () => void }): ReactElement {
  const { t } = useTranslation("guests");
  const { t: ui } = useTranslation("ui");
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [kept, setKept] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const preview = useAct(previewImport);
  const run = useAct(importAgents);
  const done = run.data;
  const choose = (chosen: File | undefined): void => {
    if (!chosen) return;
    setFile(chosen);
    run.reset();
    preview.mutate(chosen);
  };
  const close = (): void => {
    // The links are shown this once.
    if (done && done.issued.length > 0 && !kept && !leaving) setLeaving(true);
    else onClose();
  };
  const found = preview.data;
  const ready = found && found.fresh > 0;
  return (
    <Dialog
      opened
      title={leaving ? t("import.leave") : t("import.title")}
      width={640}
      onClose={close}
      actions={
        done ? (
          <>
            <Button variant="plain" onClick={close}>
              {t("import.close")}
            </Button>
            {done.issued.length > 0 && (
              <Save
                done={done}
                onSaved={() => {
                  setKept(true);
                  setLeaving(false);
                }}
              />
            )}
          </>
        ) : (
          <>
            <Button variant="plain" onClick={onClose}>
              {ui("cancel")}
            </Button>
            <Button
              icon={IconUploadSimple}
              {...(!ready && { variant: "primary" })}
              onClick={() => input.current?.click()}
            >
              {t(file ? "import.other" : "import.choose")}
            </Button>
            {ready && file && (
              <Button variant="primary" busy={run.isPending} onClick={() => run.mutate(file)}>
                {t("import.do", { count: found.fresh })}
              </Button>
            )}
          </>
        )
      }
    >
      <div className={styles.form}>
        <input
          ref={input}
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          className={styles.file}
          aria-label={t("import.choose")}
          onChange={(event) => {
            choose(event.target.files?.[0]);
            // The same file, mended, may be chosen again.
            event.target.value = "";
          }}
        />
        {done ? (
          <Result done={done} leaving={leaving} />
        ) : (
          <>
            <p>{t("import.about")}</p>
            <p className={styles.quiet}>{t("import.columns")}</p>
            <div aria-live="polite">
              {preview.isPending && file && (
                <p className={styles.quiet}>{t("import.reading", { name: file.name })}</p>
              )}
              {found && !preview.isPending && <Found found={found} />}
            </div>
            {preview.error && <Failure error={preview.error} />}
            {run.error && <Failure error={run.error} />}
          </>
        )}
      </div>
    </Dialog>
  );
}

function Failure({ error }: { error: Error }): ReactElement {
  const { t } = useTranslation("guests");
  const sentence = useSentence();
  const reason =
    error instanceof ProblemError ? REASONS.find((one) => one === error.details.reason) : undefined;
  const tooLarge = error instanceof ProblemError && error.details.status === 413;
  const known = tooLarge ? "too-many" : reason;
  return <FormProblem text={known ? t(`import.not.${known}`) : sentence(error)} />;
}

function Found({ found }: { found: ImportPreview }): ReactElement {
  const { t } = useTranslation("guests");
  return (
    <>
      <ul className={styles.facts}>
        <li>{found.fresh > 0 ? t("import.fresh", { count: found.fresh }) : t("import.freshNone")}</li>
        {found.guests > 0 && <li>{t("import.guests", { count: found.guests })}</li>}
        {found.known > 0 && <li>{t("import.known", { count: found.known })}</li>}
        {found.waiting > 0 && <li>{t("import.waits", { count: found.waiting })}</li>}
        {found.ignored.length > 0 && <li>{t("import.ignored", { names: found.ignored.join(", ") })}</li>}
      </ul>
      {found.wrong_count > 0 && (
        <>
          <FormProblem text={t("import.wrong", { count: found.wrong_count })} />
          {found.wrong.length < found.wrong_count && (
            <p className={styles.quiet}>{t("import.wrongFirst", { count: found.wrong.length })}</p>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by the keyboard too */}
          <section className={styles.wrong} tabIndex={0} aria-label={t("import.fault")}>
            <table>
              <thead>
                <tr>
                  <th>{t("import.line")}</th>
                  <th>{t("import.where")}</th>
                  <th>{t("import.fault")}</th>
                  <th>{t("import.text")}</th>
                </tr>
              </thead>
              <tbody>
                {found.wrong.map(({ line, column, fault, text }) => (
                  <tr key={`${line} ${column} ${fault}`}>
                    <td>{line}</td>
                    <td>{column && t(`import.column.${column}`)}</td>
                    <td>{t(`import.faults.${fault}`)}</td>
                    <td>{text}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </>
  );
}

function Result({ done, leaving }: { done: ImportDone; leaving: boolean }): ReactElement {
  const { t } = useTranslation("guests");
  if (leaving) return <p>{t("import.leaveText")}</p>;
  return (
    <>
      <p role="status">{t("import.done", { count: done.issued.length })}</p>
      {done.left_out > 0 && <p className={styles.quiet}>{t("import.leftOut", { count: done.left_out })}</p>}
      {done.issued.length > 0 && <p className={styles.quiet}>{t("import.doneText")}</p>}
    </>
  );
}

function Save({ done, onSaved }: { done: ImportDone; onSaved: () => void }): ReactElement {
  const { t } = useTranslation("guests");
  const save = (): void => {
    const head = (["email", "given", "family", "link", "until"] as const).map((one) =>
      t(`import.head.${one}`),
    );
    const rows = done.issued.map(({ invitation, token }) => [
      invitation.email,
      invitation.given_name,
      invitation.family_name,
      linkOf(token),
      invitation.expires_at.slice(0, 10),
    ]);
    download(t("import.file"), csv([head, ...rows]));
    onSaved();
  };
  return (
    <Button variant="primary" icon={IconDownloadSimple} onClick={save}>
      {t("import.download")}
    </Button>
  );
}
