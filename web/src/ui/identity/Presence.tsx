import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Presence } from "#/core/journal/presence";
import styles from "./Presence.module.css";

export type { Presence };

/**
 * The mark of who is there. Four shapes as well as colours: a full disc, a disc with a bar, half a disc, a ring.
 * `said` off where a word beside it says the same.
 */
export function PresenceMark({
  presence,
  size = 10,
  said = true,
}: {
  presence: Presence;
  size?: number;
  said?: boolean;
}): ReactElement {
  const { t } = useTranslation("ui");
  const text = said
    ? ({ role: "img", "aria-label": t(`presence.${presence}`) } as const)
    : ({ "aria-hidden": true } as const);
  return (
    <svg
      {...text}
      className={styles[presence]}
      width={size}
      height={size}
      viewBox="0 0 10 10"
      focusable="false"
    >
      {presence === "here" && <circle cx="5" cy="5" r="5" />}
      {presence === "busy" && (
        <path fillRule="evenodd" d="M5 0a5 5 0 1 1 0 10A5 5 0 0 1 5 0ZM2.2 4v2h5.6V4Z" />
      )}
      {presence === "away" && (
        <path fillRule="evenodd" d="M5 0a5 5 0 1 1 0 10A5 5 0 0 1 5 0ZM5 1.8a3.2 3.2 0 0 1 0 6.4Z" />
      )}
      {presence === "gone" && (
        <circle cx="5" cy="5" r="3.9" fill="none" stroke="currentColor" strokeWidth="2.2" />
      )}
    </svg>
  );
}
