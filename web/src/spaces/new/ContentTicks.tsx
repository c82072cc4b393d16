import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "#/ui/control/Choice";
import { ASKS, CONTENTS, type ContentKind } from "./contents";
import styles from "./NewSpace.module.css";

/** « Qu’allez-vous y mettre ? »: each kind of content with the label that it asks for. */
export function ContentTicks({
  ticked,
  onChange,
}: {
  ticked: ReadonlySet<ContentKind>;
  onChange: (ticked: ReadonlySet<ContentKind>) => void;
}): ReactElement {
  const { t } = useTranslation("spaces");
  return (
    <fieldset className={styles.section}>
      <legend className={styles.legend}>
        <span className={styles.heading}>{t("new.what")}</span>{" "}
        <span className={styles.beside}>{t("new.whatHint")}</span>
      </legend>
      <div className={styles.ticks}>
        {CONTENTS.map((kind) => (
          <Checkbox
            key={kind}
            label={t(`content.${kind}.label`)}
            detail={t(`content.${kind}.detail`)}
            aside={t(`labelWord.${ASKS[kind]}`)}
            checked={ticked.has(kind)}
            onChange={(event) => {
              const next = new Set(ticked);
              if (event.target.checked) next.add(kind);
              else next.delete(kind);
              onChange(next);
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
