import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { openAdministration, whoAsks } from "#/core/session/administration";
import { useMe } from "#/core/session/useMe";
import { ProofDialog } from "#/people/passkeys/useConfirmed";

/** Asks to enter administration, wherever in the house something is only done in it. */
export function AdministrationHost(): ReactElement | null {
  const { t } = useTranslation("administration");
  const by = useMe().passkeys > 0 ? "passkey" : "password";
  const [answer, setAnswer] = useState<((did: boolean) => void) | null>(null);
  useEffect(
    () =>
      whoAsks(
        () =>
          new Promise((resolve) => {
            setAnswer(() => resolve);
          }),
      ),
    [],
  );
  if (!answer) return null;
  const give = (did: boolean): void => {
    setAnswer(null);
    answer(did);
  };
  return (
    <ProofDialog
      by={by}
      title={t("dialog.title")}
      about={(asked) => t(`dialog.${asked}`)}
      act={t("dialog.do")}
      then={openAdministration}
      done={() => give(true)}
      given={() => give(false)}
    />
  );
}
