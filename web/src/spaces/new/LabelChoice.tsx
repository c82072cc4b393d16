import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Label } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { Choice } from "#/ui/control/Choice";
import { LABEL_ICON, LABELS } from "#/ui/mark/LabelPill";
import { type ContentKind, labelOf, mayPick } from "./contents";
import styles from "./NewSpace.module.css";

/** The label that follows from the ticks, with why; a stricter one may be picked, and it is said why no other may. */
export function LabelChoice({
  ticked,
  picked,
  onPick,
}: {
  ticked: ReadonlySet<ContentKind>;
  picked: Label | null;
  onPick: (label: Label) => void;
}): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: ui } = useTranslation("ui");
  const format = useFormat();
  const { label, asked, because, raised } = labelOf(ticked, picked);
  const what = format.names(
    because.map((kind) => t(`content.${kind}.inside`)),
    because.length,
  );
  const name = ui(`label.${label}`);
  const why = (): string => {
    if (raised) return t(asked === null ? "new.labelPicked" : "new.labelRaised", { label: name });
    return asked === null ? t("new.labelUsual", { label: name }) : t("new.labelWhy", { label: name, what });
  };
  const rest = (): string => {
    if (asked === null) return t("new.labelAny");
    return asked === "public" ? t("new.labelFree") : t("new.labelLess", { what });
  };
  return (
    <section className={styles.section} aria-labelledby="new-space-label">
      <p className={styles.legend}>
        <span className={styles.heading} id="new-space-label">
          {t("new.label")}
        </span>{" "}
        <span className={styles.beside} role="status">
          {why()}
        </span>
      </p>
      <Choice
        spaced
        legend={t("new.label")}
        legendHidden
        value={label}
        onChange={onPick}
        options={LABELS.map((one) => ({
          value: one,
          label: ui(`label.${one}`),
          icon: LABEL_ICON[one],
          tone: one,
          disabled: !mayPick(one, asked),
        }))}
      />
      <p className={styles.under}>{rest()}</p>
    </section>
  );
}
