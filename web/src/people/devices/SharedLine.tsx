import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useSentence } from "#/core/i18n/useSentence";
import { signOut } from "#/core/session/session";
import { useMe } from "#/core/session/useMe";
import { IconUsers } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import styles from "#/ui/state/OfflineLine.module.css";

/** On a machine that others use too: what becomes of one's session, and the way out. */
export function SharedLine(): ReactElement | null {
  const { t } = useTranslation("people");
  const { t: app } = useTranslation();
  const format = useFormat();
  const sentence = useSentence();
  const toasts = useToasts();
  const until = useMe().shared_until;
  if (until === null) return null;
  const leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (error) {
      toasts.show({ text: sentence(error) });
    }
  };
  return (
    <div className={styles.line}>
      <IconUsers size={16} />
      <span>{t("shared.line", { time: format.clock(Date.parse(until)) })}</span>
      <button type="button" className={styles.act} onClick={() => void leave()}>
        {app("menu.signOut")}
      </button>
    </div>
  );
}
