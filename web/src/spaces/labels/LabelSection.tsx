import { Link } from "@tanstack/react-router";
import { type ReactElement, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#/ui/control/Button";
import { IconArrowDown, IconArrowUp } from "#/ui/icon";
import { LABELS, LabelPill } from "#/ui/mark/LabelPill";
import { FormProblem } from "#/ui/state/FormProblem";
import { Effects } from "../Effects";
import { may, type SpaceRow } from "../spaces";
import { Changes } from "./Changes";
import styles from "./Labels.module.css";
import { LowerPanel } from "./LowerPanel";
import { Pending } from "./Pending";
import { useLabelBook } from "./queries";
import { RaisePanel } from "./RaisePanel";

/** A space's label: what it means, what it does, and for who manages the space, changing it. */
export function LabelSection({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("labels");
  const { t: rule } = useTranslation("rule");
  const { label, kind } = row.own.space;
  const reads = may(row.own, "spaces:label:read");
  const { data: book, error, refetch } = useLabelBook(row.id, reads);
  const [open, setOpen] = useState<"raise" | "lower" | null>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const raises = may(row.own, "spaces:label:raise") && label !== LABELS.at(-1);
  const lowers = may(row.own, "spaces:label:lower") && label !== LABELS[0];
  const waits = Boolean(book?.pending);
  const close = (): void => {
    const which = open;
    setOpen(null);
    // Back to the button that opened it, once it stands there again.
    requestAnimationFrame(() =>
      (
        buttons.current?.querySelector<HTMLElement>(`[data-which="${which}"]`) ??
        buttons.current?.querySelector<HTMLElement>("button")
      )?.focus(),
    );
  };
  // What one was about to do may not be there any more: somebody else did it.
  const shown = open === "raise" ? raises : open === "lower" ? lowers && !waits : false;
  return (
    <section id="label" aria-labelledby="label-title">
      <h2 className={styles.head} id="label-title">
        {t("title")} <LabelPill label={label} />
      </h2>
      <p className={styles.about}>
        {rule(`label.${label}.short`)}{" "}
        <Link to="/labels/$label" params={{ label }} className={styles.more}>
          {t("more")}
        </Link>
      </p>
      {error && (
        <div className={styles.failed}>
          <FormProblem text={t("bookFailed")} />
          <Button size="s" onClick={() => void refetch()}>
            {t("retry")}
          </Button>
        </div>
      )}
      {book?.pending && <Pending row={row} book={book} pending={book.pending} />}
      {shown && open === "raise" && <RaisePanel row={row} onClose={close} />}
      {shown && open === "lower" && <LowerPanel row={row} onClose={close} />}
      {!shown && (raises || lowers) && (
        <div ref={buttons} className={styles.acts}>
          {raises && (
            <Button icon={IconArrowUp} data-which="raise" onClick={() => setOpen("raise")}>
              {t("raise")}
            </Button>
          )}
          {lowers && !waits && (
            <Button icon={IconArrowDown} data-which="lower" onClick={() => setOpen("lower")}>
              {t("lower")}
            </Button>
          )}
        </div>
      )}
      <div className={styles.holds}>
        <Effects label={label} kind={kind} />
      </div>
      {book && <Changes book={book} />}
    </section>
  );
}
