import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { InvitationView, Issued } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { IconButton } from "#/ui/control/IconButton";
import { IconClockCounterClockwise, IconDotsThree, IconX } from "#/ui/icon";
import { Menu, MenuItem } from "#/ui/layer/Menu";
import { useToasts } from "#/ui/layer/Toasts";

/** What may be done with an invitation that waits: another link, or none any more. */
export function InvitationMenu({
  invitation,
  renew,
  revoke,
  onIssued,
  side,
}: {
  invitation: InvitationView;
  renew: () => Promise<Issued>;
  revoke: () => Promise<unknown>;
  onIssued: (issued: Issued) => void;
  side?: "left";
}): ReactElement {
  const { t } = useTranslation("guests");
  const toasts = useToasts();
  const sentence = useSentence();
  const name = fullName(invitation);
  const failed = (error: unknown): void => toasts.show({ text: sentence(error) });
  const renewing = useAct(renew);
  const revoking = useAct(revoke);
  return (
    <Menu
      label={t("panel.menu", { name })}
      trigger={<IconButton icon={IconDotsThree} label={t("panel.menu", { name })} {...(side && { side })} />}
    >
      <MenuItem
        icon={IconClockCounterClockwise}
        onSelect={() => renewing.mutate(undefined, { onSuccess: onIssued, onError: failed })}
      >
        {t("panel.renew")}
      </MenuItem>
      <MenuItem
        icon={IconX}
        danger
        onSelect={() =>
          revoking.mutate(undefined, {
            onSuccess: () => toasts.show({ text: t("panel.revoked", { name }) }),
            onError: failed,
          })
        }
      >
        {t("panel.revoke")}
      </MenuItem>
    </Menu>
  );
}
