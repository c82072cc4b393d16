import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { IconWifiSlash } from "../icon";
import styles from "./OfflineLine.module.css";

/** The thin line at the top of the sheet while the network is away; `since` is a clock time, in words. */
export function OfflineLine({ since }: { since?: string | undefined }): ReactElement {
  const { t } = useTranslation("ui");
  return (
    <div className={styles.line} role="status">
      <IconWifiSlash size={16} />
      <span>{since ? t("offline.since", { time: since }) : t("offline.now")}</span>
    </div>
  );
}
