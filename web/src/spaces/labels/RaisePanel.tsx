import { type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Label } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { Choice } from "#/ui/control/Choice";
import { useToasts } from "#/ui/layer/Toasts";
import { LABEL_ICON, LABELS } from "#/ui/mark/LabelPill";
import { FormProblem } from "#/ui/state/FormProblem";
import { RowBones } from "#/ui/state/Skeleton";
import type { SpaceRow } from "../spaces";
import { Hindered } from "./Hindered";
import styles from "./Labels.module.css";
import { raiseLabel, useLabelEffects } from "./queries";
import { RaiseEffects } from "./RaiseEffects";

/** Raising: which label, what that does, and then doing it. */
export function RaisePanel({ row, onClose }: { row: SpaceRow; onClose: () => void }): ReactElement {
  const { t } = useTranslation("labels");
  const { t: ui } = useTranslation("ui");
  const sentence = useSentence();
  const toasts = useToasts();
  const title = useId();
  const stricter = LABELS.slice(LABELS.indexOf(row.own.space.label) + 1);
  const [picked, setPicked] = useState<Label>(stricter[0] ?? "restricted");
  // What others did meanwhile may have left fewer.
  const label = stricter.includes(picked) ? picked : (stricter[0] ?? picked);
  const { data: effects, error, refetch, isFetching } = useLabelEffects(row.id, label);
  const team = effects?.becomes_team ?? false;
  const raise = useAct(() => raiseLabel(row.id, label, team));

  const submit = async (): Promise<void> => {
    const out = effects?.losing_count ?? 0;
    try {
      await raise.mutateAsync();
    } catch {
      return; // shown above the button
    }
    const done = t("done", { label: ui(`label.${label}`) });
    toasts.show({ text: out > 0 ? `${done} ${t("doneOut", { count: out })}` : done });
    onClose();
  };

  return (
    <section className={styles.panel} aria-labelledby={title}>
      <h3 className={styles.title} id={title} tabIndex={-1} ref={focusOnce}>
        {t("raising.title")}
      </h3>
      <p className={styles.about}>{t("raising.about")}</p>
      <Choice
        spaced
        legend={t("new")}
        value={label}
        onChange={(one) => {
          raise.reset();
          setPicked(one);
        }}
        options={stricter.map((one) => ({
          value: one,
          label: ui(`label.${one}`),
          icon: LABEL_ICON[one],
          tone: one,
        }))}
      />
      <div className={styles.after} aria-live="polite" aria-busy={isFetching}>
        {effects ? (
          effects.hindrance ? (
            <Hindered label={label} hindrance={effects.hindrance} />
          ) : (
            <>
              <p className={styles.heading}>{t("raising.effects")}</p>
              <RaiseEffects effects={effects} />
            </>
          )
        ) : error ? (
          <div className={styles.failed}>
            <FormProblem text={t("failed")} />
            <Button size="s" onClick={() => void refetch()}>
              {t("retry")}
            </Button>
          </div>
        ) : (
          <RowBones />
        )}
      </div>
      {raise.error && <FormProblem text={sentence(raise.error)} />}
      <div className={styles.buttons}>
        {effects && !effects.hindrance && (
          <Button variant="primary" busy={raise.isPending} onClick={() => void submit()}>
            {team ? t("raising.actTeam") : t("raising.act", { label: ui(`label.${label}`) })}
          </Button>
        )}
        <Button variant="plain" onClick={onClose}>
          {ui("cancel")}
        </Button>
      </div>
    </section>
  );
}

/** Whoever opened it goes on from its title. */
export function focusOnce(title: HTMLElement | null): void {
  title?.focus();
}
