import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { enterAdministration } from "#/core/session/administration";
import { Button } from "#/ui/control/Button";
import { IconShield } from "#/ui/icon";
import { Withheld } from "#/ui/state/Withheld";
import { useAdministration } from "./useAdministration";

/** What is only shown in administration; else the way into it. */
export function InAdministration({ children }: { children: ReactNode }): ReactElement {
  const { t } = useTranslation("administration");
  const { inside } = useAdministration();
  const [was, setWas] = useState(inside);
  if (inside && !was) setWas(true);
  return (
    <>
      {!inside && (
        <Withheld
          icon={IconShield}
          title={t("gate.title")}
          text={t("gate.text")}
          note={t("gate.note")}
          action={
            <Button variant="primary" onClick={() => void enterAdministration()}>
              {t("open")}
            </Button>
          }
        />
      )}
      {/* Out of sight and not taken down: a link that is shown once, in a dialog, stays until it has been taken. */}
      <div hidden={!inside}>{was && children}</div>
    </>
  );
}
