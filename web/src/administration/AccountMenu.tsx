import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PersonLine, ResetIssued } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { KeyError } from "#/core/passkeys/ceremony";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { useConfirmed } from "#/people/passkeys/useConfirmed";
import { useKeySentence } from "#/people/passkeys/words";
import { Button } from "#/ui/control/Button";
import { IconButton } from "#/ui/control/IconButton";
import {
  IconClockCounterClockwise,
  IconDotsThree,
  IconLockSimple,
  IconShield,
  IconUserMinus,
} from "#/ui/icon";
import { Dialog } from "#/ui/layer/Dialog";
import { Menu, MenuItem } from "#/ui/layer/Menu";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import { resetPassword, restorePerson, setAdministrator, suspendPerson } from "./queries";
import { ResetDialog } from "./ResetDialog";

/** What an administrator does with somebody's account: suspend it at once, or restore it. Nobody's own. */
export function AccountMenu({ line }: { line: PersonLine }): ReactElement | null {
  const { t } = useTranslation("guests");
  const { t: ui } = useTranslation("ui");
  const toasts = useToasts();
  const sentence = useSentence();
  const me = useMe().profile.card.id;
  const [asking, setAsking] = useState(false);
  const { card, suspended_at } = line;
  const suspend = useAct(() => suspendPerson(card.id));
  const restore = useAct(() => restorePerson(card.id));
  const { confirmed, dialog } = useConfirmed();
  const [issued, setIssued] = useState<ResetIssued | null>(null);
  const reset = useAct(() => confirmed(() => resetPassword(card.id)));
  const office = useAct((given: boolean) => confirmed(() => setAdministrator(card.id, given)));
  const words = useKeySentence();
  const name = fullName(card);
  const failed = (error: Error): void => {
    // Who gave up proving who they are knows it.
    if (!(error instanceof KeyError && error.trouble === "cancelled")) toasts.show({ text: words(error) });
  };
  const give = (given: boolean): void =>
    office.mutate(given, {
      onSuccess: () => toasts.show({ text: t(given ? "admin.named" : "admin.dismissed", { name }) }),
      onError: failed,
    });
  const own = card.id === me;
  if (own && !line.administrator) return null;
  return (
    <>
      <Menu
        label={t("admin.menuOf", { name })}
        trigger={<IconButton icon={IconDotsThree} label={t("admin.menuOf", { name })} side="left" />}
      >
        {suspended_at === null && !own && (
          <MenuItem
            icon={IconLockSimple}
            onSelect={() => reset.mutate(undefined, { onSuccess: setIssued, onError: failed })}
          >
            {t("admin.reset")}
          </MenuItem>
        )}
        {card.kind === "agent" && suspended_at === null && (
          <MenuItem icon={IconShield} onSelect={() => give(!line.administrator)}>
            {t(line.administrator ? (own ? "admin.resign" : "admin.dismiss") : "admin.name")}
          </MenuItem>
        )}
        {own ? null : suspended_at === null ? (
          <MenuItem icon={IconUserMinus} danger onSelect={() => setAsking(true)}>
            {t("admin.suspend")}
          </MenuItem>
        ) : (
          <MenuItem
            icon={IconClockCounterClockwise}
            onSelect={() =>
              restore.mutate(undefined, {
                onSuccess: () => toasts.show({ text: t("admin.restoreDone", { name }) }),
                onError: (error) => toasts.show({ text: sentence(error) }),
              })
            }
          >
            {t("admin.restore")}
          </MenuItem>
        )}
      </Menu>
      {dialog}
      {issued && <ResetDialog issued={issued} onClose={() => setIssued(null)} />}
      {asking && (
        <Dialog
          opened
          title={t("admin.suspendOf", { name })}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)} data-autofocus>
                {ui("cancel")}
              </Button>
              <Button
                variant="danger"
                busy={suspend.isPending}
                onClick={() =>
                  suspend.mutate(undefined, {
                    onSuccess: () => {
                      setAsking(false);
                      toasts.show({ text: t("admin.suspendDone", { name }) });
                    },
                  })
                }
              >
                {t("admin.suspendAct")}
              </Button>
            </>
          }
        >
          <p>{t("admin.suspendText")}</p>
          {suspend.error && <FormProblem text={sentence(suspend.error)} />}
        </Dialog>
      )}
    </>
  );
}
