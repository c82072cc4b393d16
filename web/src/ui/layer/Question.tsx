import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#/ui/control/Button";
import { FormProblem } from "#/ui/state/FormProblem";
import { Dialog } from "./Dialog";

/** Asks before something that is not simply undone. Enter gives up: what is asked about is chosen, never hit by habit. */
export function Question({
  title,
  text,
  act,
  danger = false,
  busy = false,
  problem = null,
  onYes,
  onClose,
}: {
  title: string;
  text: string;
  /** What the button does, as a verb. */
  act: string;
  danger?: boolean;
  busy?: boolean;
  problem?: string | null;
  onYes: () => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("ui");
  return (
    <Dialog
      opened
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={onYes}>
            {act}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      {problem && <FormProblem text={problem} />}
    </Dialog>
  );
}
