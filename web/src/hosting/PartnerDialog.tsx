import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RuleView } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { Select } from "#/ui/control/Field";
import { DeclareDialog } from "./DeclareDialog";
import { admitPartner, useOrganisations } from "./queries";

type DialogProps = { rule: RuleView; opened: boolean; onClose: () => void };

/** Another organisation whose agents one's own lets into its restricted spaces. */
export function PartnerDialog(props: DialogProps): ReactElement {
  return <Form key={String(props.opened)} {...props} />;
}

function Form({ rule, opened, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation("rule");
  const own = useMe().profile.organisation.id;
  const admitted = new Set(
    rule.partners.filter((one) => one.owner_id === own).map(({ partner_id: partner }) => partner),
  );
  const others = useOrganisations().filter((one) => one.id !== own && !admitted.has(one.id));
  const [picked, setPicked] = useState("");
  const declare = useAct(admitPartner);
  const sentence = useSentence();
  const partner = picked || others[0]?.id;
  return (
    <DeclareDialog
      title={t("partner.declare")}
      opened={opened}
      busy={declare.isPending}
      problem={declare.error && sentence(declare.error)}
      onClose={onClose}
      onSubmit={() => (partner ? declare.mutate(partner, { onSuccess: onClose }) : onClose())}
    >
      {others.length === 0 ? (
        <p>{t("partner.all")}</p>
      ) : (
        <Select
          label={t("partner.which")}
          options={others.map(({ id, name }) => ({ value: id, label: name }))}
          value={partner ?? ""}
          onChange={(event) => setPicked(event.target.value)}
        />
      )}
    </DeclareDialog>
  );
}
