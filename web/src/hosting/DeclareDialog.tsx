import { type FormEvent, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Trial } from "#/core/api/schema";
import { enterAdministration } from "#/core/session/administration";
import { useMe } from "#/core/session/useMe";
import { Button } from "#/ui/control/Button";
import { Checkbox } from "#/ui/control/Choice";
import { Dialog } from "#/ui/layer/Dialog";
import { FormProblem } from "#/ui/state/FormProblem";
import { Effects, lost } from "./Effects";
import { useTrial } from "./queries";
import styles from "./Rule.module.css";

/**
 * A declaration as a form: what it changes is shown before it is made, and said in words where it takes something away. It is
 * recorded under one's name, and checked by nobody.
 */
export function DeclareDialog({
  title,
  opened,
  busy,
  problem,
  trial = null,
  act,
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  opened: boolean;
  busy: boolean;
  problem: string | null;
  /** What the form says, as far as it can be; null while it cannot, or where it changes no label. */
  trial?: Trial | null;
  /** What the button does, where it does not declare. */
  act?: string;
  onClose: () => void;
  onSubmit: () => void;
  children?: ReactNode;
}): ReactElement {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const form = useId();
  const ready = useEntered(opened, onClose);
  const { effects, today, asking } = useTrial(opened && ready ? trial : null);
  const { spaces, directs } = lost(effects ?? []);
  const closes = effects?.some((effect) => effect.closes) ?? false;
  const what = closes ? JSON.stringify(effects) : "";
  // What was agreed to is this very loss, and no other.
  const [agreed, setAgreed] = useState("");
  const [missed, setMissed] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (busy || asking) return;
    setMissed(closes && agreed !== what);
    if (!closes || agreed === what) onSubmit();
  };
  return (
    <Dialog
      title={title}
      opened={opened && ready}
      onClose={onClose}
      width={560}
      actions={
        <>
          <Button variant="plain" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button variant="primary" type="submit" form={form} busy={busy || asking}>
            {act ?? t("declare.do")}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className={styles.form}>
        {children}
        {effects && <Effects effects={effects} today={today} />}
        {effects && closes && (
          <Checkbox
            label={t(directs > 0 ? "effects.agreeAll" : "effects.agree", { count: spaces + directs })}
            detail={t("effects.agreeDetail")}
            checked={agreed === what}
            onChange={({ target }) => setAgreed(target.checked ? what : "")}
          />
        )}
        <p className={styles.note}>{t("declare.recorded")}</p>
        {missed && agreed !== what && <FormProblem text={t("effects.notAgreed")} />}
        {problem && <FormProblem text={problem} />}
      </form>
    </Dialog>
  );
}

/** Declaring is done in administration: whoever opens a form enters it first. One that is open stays so when its time is over. */
function useEntered(opened: boolean, onGivenUp: () => void): boolean {
  const inside = useMe().administration_until !== null;
  const [entered, setEntered] = useState(false);
  const gaveUp = useRef(onGivenUp);
  gaveUp.current = onGivenUp;
  useEffect(() => {
    if (!opened) setEntered(false);
    else if (inside) setEntered(true);
    else if (!entered) void enterAdministration().then((did) => did || gaveUp.current());
  }, [opened, inside, entered]);
  return entered;
}
