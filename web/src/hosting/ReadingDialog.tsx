import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Reading, RuleView } from "#/core/api/schema";
import { DeclareDialog } from "./DeclareDialog";
import { declareReading } from "./queries";
import styles from "./Rule.module.css";
import { useDeclaring } from "./useDeclaring";

const READINGS = ["dinum-2021", "circular-2023", "sren-2024"] as const satisfies readonly Reading[];

type DialogProps = { rule: RuleView; opened: boolean; onClose: () => void };

/** How R9 is read here. */
export function ReadingDialog(props: DialogProps): ReactElement {
  return <Form key={String(props.opened)} {...props} />;
}

function Form({ rule, opened, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation("rule");
  const [reading, setReading] = useState<Reading>(rule.reading.reading);
  const declaring = useDeclaring(declareReading, rule, "reading", onClose);
  return (
    <DeclareDialog
      title={t("reading.declare")}
      opened={opened}
      {...declaring}
      trial={{ reading }}
      onClose={onClose}
      onSubmit={() => declaring.submit(reading)}
    >
      <fieldset className={styles.radios}>
        <legend className={styles.legend}>{t("reading.which")}</legend>
        {READINGS.map((one) => (
          <label key={one} className={styles.radio}>
            <input
              type="radio"
              name="reading"
              value={one}
              checked={one === reading}
              onChange={() => setReading(one)}
            />
            <span>
              <span className={styles.value}>{t(`reading.${one}`)}</span>
              <span className={styles.note}>{t(`reading.${one}Text`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </DeclareDialog>
  );
}
