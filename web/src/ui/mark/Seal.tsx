import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Seal.module.css";

/*
 * A blob of wax, its edge uneven in eight lobes, pressed with a round die that carries an arch. The pressed ring is
 * what makes it a seal at 15 pixels: an arch cut straight into the blob reads as a small house.
 */
const WAX =
  "M12 0.7C12.9 0.9 13.7 2.1 14.6 2.4C15.4 2.8 16.3 2.7 17.2 3C18.1 3.3 19.3 3.5 19.9 4.1C20.5 4.8 20.4 6.1 20.8 6.9C21.2 7.8 21.9 8.4 22.3 9.2C22.7 10.1 23.4 11.1 23.3 12C23.3 12.9 22.4 13.8 22.1 14.7C21.8 15.6 21.9 16.6 21.5 17.5C21.2 18.4 20.7 19.4 19.9 19.9C19.2 20.4 17.8 20.1 16.9 20.5C16 20.8 15.5 21.5 14.7 21.9C13.8 22.4 12.9 23.2 12 23.2C11.1 23.2 10.2 22.4 9.3 22.1C8.4 21.8 7.4 21.8 6.5 21.5C5.6 21.1 4.5 20.8 4 20C3.4 19.3 3.6 18 3.2 17.1C2.8 16.2 2 15.6 1.7 14.8C1.3 13.9 0.7 12.9 0.8 12C1 11.1 2.1 10.3 2.5 9.4C2.8 8.6 2.7 7.7 3 6.8C3.3 5.9 3.4 4.7 4 4C4.6 3.4 5.9 3.3 6.7 2.8C7.6 2.4 8.2 1.6 9.1 1.3C10 0.9 11.1 0.5 12 0.7Z";
const RING =
  "M12 4.7A7.3 7.3 0 1 1 12 19.3A7.3 7.3 0 1 1 12 4.7Z M12 6.2A5.8 5.8 0 1 0 12 17.8A5.8 5.8 0 1 0 12 6.2Z";
const ARCH = "M9.3 15.6V11.6A2.7 2.7 0 0 1 14.7 11.6V15.6Z";

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
