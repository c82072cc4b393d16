import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useMe } from "#/core/session/useMe";
import { Button } from "#/ui/control/Button";
import { IconCopy, IconPrinter } from "#/ui/icon";
import { Dialog } from "#/ui/layer/Dialog";
import { useToasts } from "#/ui/layer/Toasts";
import { fullName } from "../names";
import styles from "./Passkeys.module.css";

/** Fresh recovery codes, shown this once: to be copied or printed before it closes. */
export function CodesDialog({
  codes,
  onClose,
}: {
  codes: readonly string[];
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("people");
  const toasts = useToasts();
  const format = useFormat();
  const { card, email } = useMe().profile;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(`${location.host}, ${email}\n${codes.join("\n")}\n`);
      toasts.show({ text: t("passkeys.codes.copied") });
    } catch {
      toasts.show({ text: t("profile.notCopied") });
    }
  };
  return (
    <Dialog
      title={t("passkeys.codes.title")}
      opened
      onClose={onClose}
      actions={
        <>
          <Button icon={IconCopy} onClick={() => void copy()}>
            {t("passkeys.codes.copy")}
          </Button>
          <Button icon={IconPrinter} onClick={() => print()}>
            {t("passkeys.codes.print")}
          </Button>
          <Button variant="primary" onClick={onClose}>
            {t("passkeys.codes.kept")}
          </Button>
        </>
      }
    >
      <div className={styles.paper} data-printed>
        <p className={styles.forWhom}>
          {t("passkeys.codes.whose", {
            name: fullName(card),
            email,
            host: location.host,
            day: format.longDay(Date.now()),
          })}
        </p>
        <p>{t("passkeys.codes.once")}</p>
        <ul className={styles.sheet} aria-label={t("passkeys.codes.title")}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <p className={styles.when}>{t("passkeys.codes.where")}</p>
      </div>
    </Dialog>
  );
}
