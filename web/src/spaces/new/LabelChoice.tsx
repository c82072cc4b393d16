import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Label } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { ButtonLink } from "#/ui/control/Button";
import { Choice } from "#/ui/control/Choice";
import { LABEL_ICON, LABELS } from "#/ui/mark/LabelPill";
import { held } from "../obstacle";
import { byReason, type ContentKind, labelOf, mayPick } from "./contents";
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
  const { t: refusals } = useTranslation("refusals");
  const format = useFormat();
  const unheld = useUnheld();
  const { strength } = useMe();
  const { label, asked, because, raised } = labelOf(ticked, picked);
  const what = format.names(
    because.map((kind) => t(`content.${kind}.inside`)),
    because.length,
  );
  const name = ui(`label.${label}`);
  // While none can be, none is chosen.
  const none = LABELS.every((one) => unheld[one] !== undefined);
  // What one could choose is said where there is a choice.
  const choice =
    !none && (LABELS.some((one) => one !== label && mayPick(one, asked) && !unheld[one]) || asked !== null);
  const why = (): string => {
    if (none) return refusals("label.none");
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
        value={none ? null : label}
        onChange={onPick}
        options={LABELS.map((one) => ({
          value: one,
          label: ui(`label.${one}`),
          icon: LABEL_ICON[one],
          tone: one,
          disabled: !mayPick(one, asked) || (unheld[one] !== undefined && (none || one !== label)),
        }))}
      />
      {choice && <p className={styles.under}>{rest()}</p>}
      {/* Why the label that follows cannot be is told in full, beneath. */}
      {byReason(
        LABELS.filter((one) => mayPick(one, asked) && one !== label),
        unheld,
        none ? unheld[label] : undefined,
      ).map(([reason, labels]) => (
        <p key={reason} className={styles.unheld}>
          {refusals("label.row", {
            label: format.names(
              labels.map((one) => ui(`label.${one}`)),
              labels.length,
            ),
            why: reason,
          })}
        </p>
      ))}
      {label === "restricted" && !unheld.restricted && strength !== "passkey" && (
        <p className={styles.unheld}>
          {refusals("label.passkey")}{" "}
          <ButtonLink to="/me" hash="passkeys" size="s">
            {refusals("label.addPasskey")}
          </ButtonLink>
        </p>
      )}
    </section>
  );
}

/** Labels of which the instance may hold no new space today, with why. */
export function useUnheld(): { readonly [label in Label]?: string } {
  const { t } = useTranslation("refusals");
  const holdings = useHouse((house) => house.holdings);
  return Object.fromEntries(
    LABELS.flatMap((label) => {
      const found = held(holdings[label] ?? null);
      if (!found) return [];
      return [[label, found.told.reason ? t(`why.${found.told.reason}`) : t("label.unheld")] as const];
    }),
  );
}
