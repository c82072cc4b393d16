import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Hosting, RuleView } from "#/core/api/schema";
import { Checkbox, Choice } from "#/ui/control/Choice";
import { TextField } from "#/ui/control/Field";
import { DeclareDialog } from "./DeclareDialog";
import { declareProfile } from "./queries";
import styles from "./Rule.module.css";
import { useDeclaring } from "./useDeclaring";

const HOSTINGS = ["premises", "state", "commercial"] as const satisfies readonly Hosting[];

type DialogProps = { rule: RuleView; opened: boolean; onClose: () => void };

/** Where the instance lies. */
export function ProfileDialog(props: DialogProps): ReactElement {
  return <Form key={String(props.opened)} {...props} />;
}

function Form({ rule, opened, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation("rule");
  const stands = rule.profile?.profile;
  const [hosting, setHosting] = useState<Hosting>(stands?.hosting ?? "premises");
  const [qualified, setQualified] = useState(stands?.qualified ?? false);
  const [immune, setImmune] = useState(stands?.immune ?? false);
  const [until, setUntil] = useState(stands?.until ?? "");
  const declaring = useDeclaring(declareProfile, rule, "profile", onClose);
  const commercial = hosting === "commercial";
  const past = until !== "" && until < rule.today;
  const profile = {
    hosting,
    qualified: commercial && qualified,
    immune: commercial && immune,
    until: until || null,
  };
  return (
    <DeclareDialog
      title={t("profile.declare")}
      opened={opened}
      {...declaring}
      trial={past ? null : { profile }}
      onClose={onClose}
      onSubmit={() => past || declaring.submit(profile)}
    >
      <Choice
        spaced
        legend={t("profile.where")}
        value={hosting}
        onChange={setHosting}
        options={HOSTINGS.map((value) => ({ value, label: t(`profile.${value}Short`) }))}
      />
      <p className={styles.note}>{t(`profile.${hosting}`)}</p>
      {commercial && (
        <>
          <Checkbox
            label={t("profile.qualifiedTick")}
            detail={t("profile.qualifiedDetail")}
            checked={qualified}
            onChange={(event) => setQualified(event.target.checked)}
          />
          <Checkbox
            label={t("profile.immuneTick")}
            detail={t("profile.immuneDetail")}
            checked={immune}
            onChange={(event) => setImmune(event.target.checked)}
          />
        </>
      )}
      <TextField
        type="date"
        label={t("profile.until")}
        hint={t("profile.untilHint")}
        optional
        min={rule.today}
        error={past ? t("form.past") : null}
        value={until}
        onChange={(event) => setUntil(event.target.value)}
      />
    </DeclareDialog>
  );
}
