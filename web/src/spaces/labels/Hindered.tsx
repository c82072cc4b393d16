import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Hindrance, Label } from "#/core/api/schema";
import { Refusal } from "#/ui/state/Refusal";
import { Told } from "../refusal/Told";
import { verdictOf } from "../refusals";

/** Why a label cannot be given today, told before one tries, and where one can see or do something about it. */
export function Hindered({ label, hindrance }: { label: Label; hindrance: Hindrance }): ReactElement {
  const { t } = useTranslation("labels");
  const told = verdictOf({ code: "refused", ...hindrance });
  if (!told)
    return <Refusal label={label} title={t("hindered.other.title")} reason={t("hindered.other.reason")} />;
  return <Told verdict={told} label={label} />;
}
