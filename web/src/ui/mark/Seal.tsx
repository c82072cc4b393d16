import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Seal.module.css";

/*
 * A blob of wax with eight uneven lobes, pressed with a round die that carries an arch. The pressed ring is
 * what makes it a seal at 15 pixels: an arch cut straight into the blob reads as a small house.
 */
const WAX =
  "M12 1.1C13.7 .8 15 2.2 16.5 2.6C18.2 3 20 2.9 20.9 4.5C21.8 6 20.9 7.6 21.3 9.2C21.7 10.7 23.3 11.9 22.9 13.7C22.5 15.5 20.5 15.9 19.6 17.3C18.6 18.7 18.6 20.6 17 21.5C15.4 22.3 13.9 21.1 12.3 21.3C10.6 21.5 9.3 23 7.6 22.5C5.8 22 5.5 20.1 4.3 18.9C3.2 17.8 1.3 17.2 1.1 15.4C.8 13.7 2.3 12.5 2.5 10.9C2.7 9.3 1.8 7.5 2.8 6C3.8 4.6 5.7 4.8 7.1 4C8.6 3.2 10.1 1.4 12 1.1Z";
const RING =
  "M12 5.2A6.8 6.8 0 1 1 12 18.8A6.8 6.8 0 1 1 12 5.2Z M12 6.9A5.1 5.1 0 1 0 12 17.1A5.1 5.1 0 1 0 12 6.9Z";
const ARCH = "M9.6 15.2V12A2.4 2.4 0 0 1 14.4 12V15.2Z";

/** Says that a thing is sealed: end-to-end encrypted. */
export function Seal({ size = 16, said = true }: { size?: number; said?: boolean }): ReactElement {
  const { t } = useTranslation("ui");
  const text = said
    ? ({ role: "img", "aria-label": t("sealed") } as const)
    : ({ "aria-hidden": true } as const);
  return (
    <svg {...text} className={styles.seal} width={size} height={size} viewBox="0 0 24 24" focusable="false">
      {said && <title>{t("sealed")}</title>}
      <path fillRule="evenodd" d={WAX + RING + ARCH} />
    </svg>
  );
}
