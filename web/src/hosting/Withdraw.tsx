import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { useToasts } from "#/ui/layer/Toasts";
import { DeclareDialog } from "./DeclareDialog";
import { tryRule } from "./queries";
import styles from "./Rule.module.css";

/** Takes a declaration back. It stays in the record, and can be made again: asked twice only where it takes something away. */
export function Withdraw({
  id,
  act,
  done,
}: {
  id: string;
  act: (id: string) => Promise<unknown>;
  done: string;
}): ReactElement {
  const { t } = useTranslation("rule");
  const toasts = useToasts();
  const sentence = useSentence();
  const [asks, setAsks] = useState(false);
  const withdraw = useAct(async () => {
    await act(id);
    toasts.show({ text: done });
  });
  const begin = useAct(async () => {
    const { effects } = await tryRule({ withdraw: id });
    if (effects.some(({ closes }) => closes)) setAsks(true);
    else await withdraw.mutateAsync();
  });
  return (
    <>
      <Button
        variant="plain"
        size="s"
        busy={begin.isPending}
        onClick={() =>
          begin.mutate(undefined, { onError: (error) => toasts.show({ text: sentence(error) }) })
        }
        className={styles.withdraw}
      >
        {t("withdraw")}
      </Button>
      <DeclareDialog
        title={t("withdraw")}
        act={t("withdrawDo")}
        opened={asks}
        busy={withdraw.isPending}
        problem={withdraw.error && sentence(withdraw.error)}
        trial={{ withdraw: id }}
        onClose={() => setAsks(false)}
        onSubmit={() => withdraw.mutate()}
      />
    </>
  );
}
