import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#/ui/control/IconButton";
import { IconInfo, IconX } from "#/ui/icon";
import styles from "../holding/Holding.module.css";
import { lostOf, putAway, useLosses } from "./losses";

/** Above every page, until it is put away: a space that one has lost, by which rule, and what one can do. */
export function LostLines(): ReactElement | null {
  const { t } = useTranslation("refusals");
  const losses = useLosses();
  if (losses.length === 0) return null;
  return (
    <>
      {losses.map((loss) => {
        const { by, name } = lostOf(loss);
        return (
          <div key={loss.id} className={styles.line} role="status">
            <IconInfo size={18} />
            <p className={styles.words}>
              {t(`lost.${by}`, { name })}{" "}
              {by !== "stay-over" && (
                <Link to="/labels/$label" params={{ label: loss.label }}>
                  {t("read")}
                </Link>
              )}
            </p>
            <IconButton
              icon={IconX}
              label={t("lost.putAway", { name })}
              side="left"
              onClick={() => void putAway(loss)}
            />
          </div>
        );
      })}
    </>
  );
}
