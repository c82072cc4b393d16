import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { IconArrowClockwise, IconWifiSlash } from "../icon";
import styles from "./OfflineLine.module.css";

/**
 * The thin line at the top of the sheet while nothing reaches the server; `since` is a clock time, in words. `server`:
 * there is a network, but the server does not answer.
 */
export function OfflineLine({ since, server }: { since: string; server?: boolean }): ReactElement {
  const { t } = useTranslation("ui");
  return (
    <div className={styles.line} role="status">
      <IconWifiSlash size={16} />
      <span>{t(server ? "offline.server" : "offline.since", { time: since })}</span>
    </div>
  );
}

/** The same line when the server has a newer window: `must` when this one can no longer speak with it. */
export function RenewLine({ must }: { must?: boolean }): ReactElement {
  const { t } = useTranslation("ui");
  return (
    <div className={styles.line} role="status">
      <IconArrowClockwise size={16} />
      <span>{t(must ? "renew.must" : "renew.may")}</span>
      <button type="button" className={styles.act} onClick={() => location.reload()}>
        {t("renew.act")}
      </button>
    </div>
  );
}
