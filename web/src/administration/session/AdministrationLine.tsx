import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useSentence } from "#/core/i18n/useSentence";
import { keeper } from "#/core/journal/live";
import { closeAdministration } from "#/core/session/administration";
import { stillSignedIn } from "#/core/session/session";
import { useAct } from "#/core/useAct";
import { IconShield } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import styles from "./AdministrationLine.module.css";
import { useAdministration } from "./useAdministration";

// It is opened and ended for the session: this window hears of what another one did, and of its end by the server's clock.
keeper.onFleeting(({ e }) => {
  if (e.type === "people.sessions.moved") void stillSignedIn();
});

/** Above every page while one is in administration: how long still, and the way out. It draws the frame around the sheet. */
export function AdministrationLine(): ReactElement | null {
  const { t } = useTranslation("administration");
  const { inside, minutes } = useAdministration();
  const toasts = useToasts();
  const sentence = useSentence();
  const close = useAct(closeAdministration);
  const was = useRef({ inside, ended: false });
  useEffect(() => {
    document.documentElement.toggleAttribute("data-administration", inside);
    if (was.current.inside && !inside && !was.current.ended) toasts.show({ text: t("line.over") });
    was.current = { inside, ended: false };
    return () => document.documentElement.removeAttribute("data-administration");
  }, [inside, toasts, t]);
  if (!inside) return null;
  const end = (): void => {
    was.current.ended = true;
    close.mutate(undefined, { onError: (error) => toasts.show({ text: sentence(error) }) });
  };
  return (
    <section className={styles.line} aria-label={t("line.label")}>
      <IconShield size={16} />
      <span>{minutes > 1 ? t("line.left", { count: minutes }) : t("line.last")}</span>
      <button
        type="button"
        className={styles.act}
        aria-label={t("line.end")}
        disabled={close.isPending}
        onClick={end}
      >
        {t("line.leave")}
      </button>
    </section>
  );
}
