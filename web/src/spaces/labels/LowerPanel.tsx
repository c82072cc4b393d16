import { type FormEvent, type ReactElement, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Label } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { Button, ButtonLink } from "#/ui/control/Button";
import { Choice } from "#/ui/control/Choice";
import { TextArea } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { IconUserPlus } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { LABEL_ICON, LABELS } from "#/ui/mark/LabelPill";
import { FormProblem } from "#/ui/state/FormProblem";
import { RowBones } from "#/ui/state/Skeleton";
import type { SpaceRow } from "../spaces";
import { Hindered } from "./Hindered";
import styles from "./Labels.module.css";
import { lowerLabel, useLabelEffects } from "./queries";
import { focusOnce } from "./RaisePanel";
import { reasonTrouble } from "./reason";

/** Lowering: which label, why, and who else must agree. */
export function LowerPanel({ row, onClose }: { row: SpaceRow; onClose: () => void }): ReactElement {
  const { t } = useTranslation("labels");
  const { t: ui } = useTranslation("ui");
  const sentence = useSentence();
  const toasts = useToasts();
  const title = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const looser = LABELS.slice(0, LABELS.indexOf(row.own.space.label));
  const [picked, setPicked] = useState<Label>(looser.at(-1) ?? "public");
  const label = looser.includes(picked) ? picked : (looser.at(-1) ?? picked);
  const reason = useField("", (text) => {
    const trouble = reasonTrouble(text);
    if (!trouble) return null;
    return "short" in trouble
      ? t("lowering.reasonShort", { count: trouble.short })
      : t("lowering.reasonLong", { count: trouble.long });
  });
  const { data: effects, error, refetch } = useLabelEffects(row.id, label);
  const lower = useAct(() => lowerLabel(row.id, label, reason.value.trim()));
  const second = effects?.second_manager ?? false;
  const alone = second && effects?.others === 0;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (lower.isPending) return;
    if (!reason.check()) {
      field.current?.focus();
      return;
    }
    try {
      const change = await lower.mutateAsync();
      toasts.show({
        text:
          change.state === "pending"
            ? t("lowering.proposed")
            : t("done", { label: ui(`label.${change.after}`) }),
      });
    } catch {
      return; // shown above the button
    }
    onClose();
  };

  const body = (): ReactElement => {
    if (error) {
      return (
        <div className={styles.failed}>
          <FormProblem text={t("failed")} />
          <Button size="s" onClick={() => void refetch()}>
            {t("retry")}
          </Button>
        </div>
      );
    }
    if (!effects) return <RowBones />;
    if (effects.hindrance) return <Hindered label={label} hindrance={effects.hindrance} />;
    if (alone) {
      return (
        <div className={styles.note}>
          <IconUserPlus size={20} />
          <div>
            <p className={styles.what}>{t("lowering.alone")}</p>
            <p>{t("lowering.aloneText")}</p>
            <ButtonLink
              to="/spaces/$spaceId/members"
              params={{ spaceId: row.id }}
              size="s"
              className={styles.noteAction ?? ""}
            >
              {t("lowering.members")}
            </ButtonLink>
          </div>
        </div>
      );
    }
    return (
      <>
        <TextArea
          {...reason.input}
          ref={field}
          label={t("lowering.reason")}
          hint={t("lowering.reasonHint")}
          rows={3}
        />
        {second && <p className={styles.under}>{t("lowering.second")}</p>}
      </>
    );
  };
  const ready = effects && !effects.hindrance && !alone;
  return (
    <section className={styles.panel} aria-labelledby={title}>
      <h3 className={styles.title} id={title} tabIndex={-1} ref={focusOnce}>
        {t("lowering.title")}
      </h3>
      <p className={styles.about}>{t("lowering.about")}</p>
      <form noValidate onSubmit={(event) => void submit(event)}>
        {!alone && (
          <Choice
            spaced
            legend={t("new")}
            value={label}
            onChange={(one) => {
              lower.reset();
              setPicked(one);
            }}
            options={looser.map((one) => ({
              value: one,
              label: ui(`label.${one}`),
              icon: LABEL_ICON[one],
              tone: one,
            }))}
          />
        )}
        <div className={styles.after}>{body()}</div>
        {lower.error && <FormProblem text={sentence(lower.error)} />}
        <div className={styles.buttons}>
          {ready && (
            <Button type="submit" variant="primary" busy={lower.isPending}>
              {t(second ? "lowering.propose" : "lowering.act", { label: ui(`label.${label}`) })}
            </Button>
          )}
          <Button variant="plain" onClick={onClose}>
            {ui("cancel")}
          </Button>
        </div>
      </form>
    </section>
  );
}
