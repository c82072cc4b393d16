import { Link, useMatchRoute } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import type { LabelBook, LabelChangeView } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { IconClockCounterClockwise } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import { may, type SpaceRow } from "../spaces";
import styles from "./Labels.module.css";
import { confirmLowering, useLabelBook, withdrawLowering } from "./queries";
import { useWho } from "./useWho";

/** A lowering that waits for a second manager: who proposes it, why, and what one may do about it. */
export function Pending({
  row,
  book,
  pending,
}: {
  row: SpaceRow;
  book: LabelBook;
  pending: LabelChangeView;
}): ReactElement {
  const { t } = useTranslation("labels");
  const { t: ui } = useTranslation("ui");
  const format = useFormat();
  const sentence = useSentence();
  const toasts = useToasts();
  const me = useMe().profile.card.id;
  const who = useWho(book);
  const own = pending.made_by === me;
  const confirm = useAct(() => confirmLowering(row.id, pending.id));
  const withdraw = useAct(() => withdrawLowering(row.id, pending.id));
  const trouble = confirm.error ?? withdraw.error;
  const label = (one: LabelChangeView["after"]): string => ui(`label.${one}`);

  // By promises and not by callbacks: this goes away as soon as the window hears that it is done.
  const agree = async (): Promise<void> => {
    withdraw.reset();
    try {
      await confirm.mutateAsync();
    } catch {
      return;
    }
    toasts.show({ text: t("pending.confirmed", { label: label(pending.after) }) });
  };
  const drop = async (): Promise<void> => {
    confirm.reset();
    try {
      await withdraw.mutateAsync();
    } catch {
      return;
    }
    toasts.show({ text: t("pending.withdrawn") });
  };
  return (
    <section className={styles.pending} aria-labelledby="label-pending">
      <h3 className={styles.pendingTitle} id="label-pending">
        <IconClockCounterClockwise size={20} />
        <span>{own ? t("pending.own") : t("pending.title", { name: who(pending.made_by) })}</span>
      </h3>
      <p>
        {t("pending.fromTo", {
          before: label(pending.before),
          after: label(pending.after),
          at: format.dayAndTime(Date.parse(pending.made_at)),
        })}
      </p>
      {pending.reason && (
        <blockquote className={styles.reason} lang="">
          {words(pending.reason)}
        </blockquote>
      )}
      <p className={styles.under}>
        {own && `${t("pending.wait")} `}
        {pending.until && t("pending.until", { until: format.dayAndTime(Date.parse(pending.until)) })}
      </p>
      {trouble && <FormProblem text={sentence(trouble)} />}
      <div className={styles.buttons}>
        {book.may_confirm && (
          <Button variant="primary" busy={confirm.isPending} onClick={() => void agree()}>
            {t("pending.confirm")}
          </Button>
        )}
        <Button variant={own ? "quiet" : "plain"} busy={withdraw.isPending} onClick={() => void drop()}>
          {t(own ? "pending.withdraw" : "pending.refuse")}
        </Button>
      </div>
    </section>
  );
}

/** On every page of the space but its settings, which show it: that something waits, and where. Managers alone know. */
export function PendingLine({ row }: { row: SpaceRow }): ReactElement | null {
  const { t } = useTranslation("labels");
  const me = useMe().profile.card.id;
  // Only from sensitive down does anything wait.
  const strict = row.own.space.label === "sensitive" || row.own.space.label === "restricted";
  const { data: book } = useLabelBook(row.id, strict && may(row.own, "spaces:label:read"));
  const who = useWho(book);
  const matches = useMatchRoute();
  const shown = matches({ to: "/spaces/$spaceId/settings", params: { spaceId: row.id } }) !== false;
  if (!strict || !book?.pending || shown) return null;
  const own = book.pending.made_by === me;
  return (
    <p className={styles.line}>
      <IconClockCounterClockwise size={18} />
      <span>{own ? t("pending.lineOwn") : t("pending.line", { name: who(book.pending.made_by) })}</span>
      <Link to="/spaces/$spaceId/settings" params={{ spaceId: row.id }} hash="label">
        {t("pending.see")}
      </Link>
    </p>
  );
}
