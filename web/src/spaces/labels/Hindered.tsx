import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Hindrance, Label } from "#/core/api/schema";
import { ButtonLink } from "#/ui/control/Button";
import { IconFingerprint, IconInfo } from "#/ui/icon";
import { Refusal } from "#/ui/state/Refusal";

/** Why a label cannot be given today, told before one tries, and where one can see or do something about it. */
export function Hindered({ label, hindrance }: { label: Label; hindrance: Hindrance }): ReactElement {
  const { t } = useTranslation("labels");
  const { t: rule } = useTranslation("rule");
  switch (hindrance.rule) {
    case "hosting":
    case "hosting-restricted":
    case "approval":
      return (
        <Refusal
          label={label}
          title={t("hindered.holding.title")}
          reason={rule(`why.${hindrance.reason}` as "why.premises")}
          rule={t("hindered.holding.rule")}
          ways={[
            {
              icon: IconInfo,
              title: t("hindered.holding.way"),
              text: t("hindered.holding.wayText"),
              action: (
                <ButtonLink to="/rule" size="s">
                  {t("hindered.holding.wayAction")}
                </ButtonLink>
              ),
            },
          ]}
        />
      );
    case "strong-sign-in":
      return (
        <Refusal
          label={label}
          title={t("hindered.strong.title")}
          reason={t("hindered.strong.reason")}
          rule={t("hindered.strong.rule")}
          ways={[
            {
              icon: IconFingerprint,
              title: t("hindered.strong.way"),
              text: t("hindered.strong.wayText"),
              action: (
                <ButtonLink to="/me" hash="passkeys" size="s">
                  {t("hindered.strong.wayAction")}
                </ButtonLink>
              ),
            },
          ]}
        />
      );
    case "partner":
      return (
        <Refusal
          label={label}
          title={t("hindered.partner.title")}
          reason={t("hindered.partner.reason")}
          rule={t("hindered.partner.rule")}
        />
      );
    default:
      return (
        <Refusal
          label={label}
          title={t("hindered.other.title")}
          reason={t("hindered.other.reason")}
          rule={t("hindered.other.rule")}
        />
      );
  }
}
