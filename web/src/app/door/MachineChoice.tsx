import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { chooseMachine, machine } from "#/core/session/machine";
import { useStore } from "#/core/store";
import { Choice } from "#/ui/control/Choice";
import { IconMonitor, IconUsers } from "#/ui/icon";
import styles from "./Door.module.css";

/** Whose machine this is: on one that others use too, nothing is kept and the session is short. */
export function MachineChoice(): ReactElement {
  const { t } = useTranslation();
  const chosen = useStore(machine, (now) => now);
  return (
    <div>
      <Choice
        legend={t("machine.legend")}
        value={chosen}
        onChange={chooseMachine}
        options={[
          { value: "own", label: t("machine.own"), icon: IconMonitor },
          { value: "shared", label: t("machine.shared"), icon: IconUsers },
        ]}
      />
      {chosen === "shared" && <p className={styles.aside}>{t("machine.sharedText")}</p>}
    </div>
  );
}
