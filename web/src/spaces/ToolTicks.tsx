import { type ReactElement, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Tool } from "#/core/api/schema";
import { Checkbox } from "#/ui/control/Choice";
import { IconWarningCircle } from "#/ui/icon";
import styles from "./new/NewSpace.module.css";

/** The tools of a space, in the order in which its tabs stand. */
export const TOOLS = ["chat", "files", "meet"] as const satisfies readonly Tool[];

/** Which tools a new space begins with: at least one. */
export function ToolTicks({
  tools,
  onChange,
  error,
}: {
  tools: ReadonlySet<Tool>;
  onChange: (tools: ReadonlySet<Tool>) => void;
  error: string | null;
}): ReactElement {
  const { t } = useTranslation("spaces");
  const id = useId();
  return (
    <fieldset className={styles.section} {...(error && { "aria-describedby": id })}>
      <legend className={styles.legend}>
        <span className={styles.heading}>{t("new.tools")}</span>{" "}
        <span className={styles.beside}>{t("new.toolsHint")}</span>
      </legend>
      <div className={styles.tools}>
        {TOOLS.map((tool) => (
          <Checkbox
            key={tool}
            label={t(`toolWord.${tool}`)}
            detail={t(`toolWhat.${tool}`)}
            checked={tools.has(tool)}
            onChange={(event) => {
              const next = new Set(tools);
              if (event.target.checked) next.add(tool);
              else next.delete(tool);
              onChange(next);
            }}
          />
        ))}
      </div>
      {error && (
        <p id={id} className={styles.error} role="alert">
          <IconWarningCircle size={16} />
          <span>{error}</span>
        </p>
      )}
    </fieldset>
  );
}
