import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import styles from "#/spaces/holding/Holding.module.css";
import { Button } from "#/ui/control/Button";
import { IconInfo } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { fullName } from "../names";
import { useOwnPassword, withdrawReset } from "./queries";

/** Above every page: somebody made a link by which one's password can be changed. Who did not ask for it ends it. */
export function ResetLine(): ReactElement | null {
  const { t } = useTranslation("people");
  const format = useFormat();
  const toasts = useToasts();
  const sentence = useSentence();
  const reset = useOwnPassword().data?.reset;
  const withdraw = useAct(withdrawReset);
  if (!reset) return null;
  const when = format.dayAndTime(Date.parse(reset.made_at));
  return (
    <div className={styles.line} role="status">
      <IconInfo size={18} />
      <p className={styles.words}>
        {reset.by
          ? t("password.waits", { by: fullName(reset.by), when })
          : t("password.waitsOperator", { when })}
      </p>
      {/* The link of who runs the server is nobody else's to end. */}
      {reset.by && (
        <Button
          variant="plain"
          busy={withdraw.isPending}
          onClick={() =>
            withdraw.mutate(undefined, {
              onSuccess: () => toasts.show({ text: t("password.withdrawn") }),
              onError: (error) => toasts.show({ text: sentence(error) }),
            })
          }
        >
          {t("password.withdraw")}
        </Button>
      )}
    </div>
  );
}
