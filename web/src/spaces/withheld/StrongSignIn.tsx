import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { knowsKeys } from "#/core/passkeys/ceremony";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { addPasskey, confirmByPasskey } from "#/people/passkeys/acts";
import { useConfirmed } from "#/people/passkeys/useConfirmed";
import { useKeyName, useKeySentence } from "#/people/passkeys/words";
import { Button, ButtonLink } from "#/ui/control/Button";
import { IconFingerprint } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import { Withheld } from "#/ui/state/Withheld";
import type { SpaceRow } from "../spaces";

/** A restricted space, for who signed in by password: one proves by a passkey who one is, and it opens where it stands. */
export function StrongSignIn({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: people } = useTranslation("people");
  const words = useKeySentence();
  const nameOf = useKeyName();
  const toasts = useToasts();
  const { passkeys } = useMe();
  const { confirmed, dialog } = useConfirmed();
  const add = useAct(() => confirmed(() => addPasskey(nameOf)));
  const confirm = useAct(confirmByPasskey);
  // What one has just made is no reason to be asked for it, in the moment before the space opens.
  const [had] = useState(passkeys);
  const has = (add.isSuccess || add.isPending ? had : passkeys) > 0;
  const act = has ? confirm : add;
  const begin = (): void => {
    if (has) confirm.mutate();
    // The page of the space takes this panel's place as soon as it opens: what is left to say is said beside it.
    else void add.mutateAsync().then(() => toasts.show({ text: people("passkeys.done") }), ignore);
  };
  const able = knowsKeys();
  return (
    <>
      <Withheld
        icon={IconFingerprint}
        title={t(has ? "withheld.strong.confirm" : "withheld.strong.add", { name: row.name })}
        text={t(has ? "withheld.strong.confirmText" : "withheld.strong.addText")}
        note={able ? t("withheld.strong.then") : people("passkeys.trouble.unable")}
        action={
          <>
            {able && (
              <Button variant="primary" size="l" icon={IconFingerprint} busy={act.isPending} onClick={begin}>
                {t(has ? "withheld.strong.confirmAct" : "withheld.strong.addAct")}
              </Button>
            )}
            <ButtonLink to="/me" hash="passkeys" variant={able ? "plain" : "quiet"} size="l">
              {t(has ? "withheld.strong.lost" : "withheld.strong.more")}
            </ButtonLink>
          </>
        }
        error={act.error && <FormProblem text={words(act.error)} />}
        rule={t("withheld.strong.rule")}
      />
      {dialog}
    </>
  );
}

/** What went wrong is shown from the act itself. */
const ignore = (): void => undefined;
