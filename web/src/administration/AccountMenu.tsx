import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PersonLine, ResetIssued } from "#/core/api/schema";
import { KeyError } from "#/core/passkeys/ceremony";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { type Confirmed, useConfirmed } from "#/people/passkeys/useConfirmed";
import { useKeySentence } from "#/people/passkeys/words";
import { IconButton } from "#/ui/control/IconButton";
import {
  IconClockCounterClockwise,
  IconDotsThree,
  IconLockSimple,
  IconShield,
  IconUserMinus,
  IconUsers,
} from "#/ui/icon";
import { Menu, MenuItem } from "#/ui/layer/Menu";
import { Question } from "#/ui/layer/Question";
import { useToasts } from "#/ui/layer/Toasts";
import { resetPassword, restorePerson, setAdministrator, setOfficer, suspendPerson } from "./queries";
import { ResetDialog } from "./ResetDialog";

type Step = "suspend" | "appoint" | "dismiss" | "resign" | `officer.${"appoint" | "dismiss" | "resign"}`;

const DO: { readonly [step in Step]: (id: string) => Promise<unknown> } = {
  "officer.appoint": (id) => setOfficer(id, true),
  "officer.dismiss": (id) => setOfficer(id, false),
  "officer.resign": (id) => setOfficer(id, false),
  suspend: suspendPerson,
  appoint: (id) => setAdministrator(id, true),
  dismiss: (id) => setAdministrator(id, false),
  resign: (id) => setAdministrator(id, false),
};

/** Who gave up proving who they are knows it. */
const gaveUp = (error: Error): boolean => error instanceof KeyError && error.trouble === "cancelled";

/** What is done with somebody's account by office; with one's own, only lay an office down. */
export function AccountMenu({ line }: { line: PersonLine }): ReactElement | null {
  const { t } = useTranslation("guests");
  const toasts = useToasts();
  const words = useKeySentence();
  const own = useOwn(line);
  const sayable = useStepWords();
  const { officer: answers } = useMe();
  const [step, setStep] = useState<Step | null>(null);
  const [issued, setIssued] = useState<ResetIssued | null>(null);
  const { card, administrator, officer, suspended_at } = line;
  const { confirmed, dialog } = useConfirmed();
  const restore = useAct(() => restorePerson(card.id));
  const reset = useAct(() => confirmed(() => resetPassword(card.id)));
  const name = fullName(card);
  const failed = (error: Error): void => {
    if (!gaveUp(error)) toasts.show({ text: words(error) });
  };
  const active = suspended_at === null;
  const office = own ? "resign" : administrator ? "dismiss" : "appoint";
  const security = own ? "officer.resign" : officer ? "officer.dismiss" : "officer.appoint";
  if (own && !administrator && !officer) return null;
  return (
    <>
      <Menu
        label={t("admin.menuOf", { name })}
        trigger={<IconButton icon={IconDotsThree} label={t("admin.menuOf", { name })} side="left" />}
      >
        {active && !own && (
          <MenuItem
            icon={IconLockSimple}
            onSelect={() => reset.mutate(undefined, { onSuccess: setIssued, onError: failed })}
          >
            {t("admin.reset")}
          </MenuItem>
        )}
        {active && card.kind === "agent" && (
          <MenuItem icon={IconUsers} onSelect={() => setStep(office)}>
            {sayable(office, "menu", name)}
          </MenuItem>
        )}
        {active && card.kind === "agent" && answers && (!own || officer) && (
          <MenuItem icon={IconShield} onSelect={() => setStep(security)}>
            {sayable(security, "menu", name)}
          </MenuItem>
        )}
        {active && !own && (
          <MenuItem icon={IconUserMinus} danger onSelect={() => setStep("suspend")}>
            {t("admin.step.suspend.menu")}
          </MenuItem>
        )}
        {!active && (
          <MenuItem
            icon={IconClockCounterClockwise}
            onSelect={() =>
              restore.mutate(undefined, {
                onSuccess: () => toasts.show({ text: t("admin.restoreDone", { name }) }),
                onError: failed,
              })
            }
          >
            {t("admin.restore")}
          </MenuItem>
        )}
      </Menu>
      {issued && <ResetDialog issued={issued} onClose={() => setIssued(null)} />}
      {step && <Ask step={step} line={line} confirmed={confirmed} onClose={() => setStep(null)} />}
      {dialog}
    </>
  );
}

const useOwn = (line: PersonLine): boolean => useMe().profile.card.id === line.card.id;

/** What a step is called, asks and tells: those of security have their words with administration. */
function useStepWords(): (
  step: Step,
  part: "menu" | "title" | "text" | "act" | "done",
  name: string,
) => string {
  const { t } = useTranslation("guests");
  const { t: words } = useTranslation("administration");
  return (step, part, name) =>
    isOfficer(step) ? words(`${step}.${part}`, { name }) : t(`admin.step.${step}.${part}`, { name });
}

const isOfficer = (step: Step): step is Extract<Step, `officer.${string}`> => step.startsWith("officer.");

/** What a step changes, before it is done. */
function Ask({
  step,
  line: { card },
  confirmed,
  onClose,
}: {
  step: Step;
  line: PersonLine;
  confirmed: Confirmed["confirmed"];
  onClose: () => void;
}): ReactElement {
  const say = useStepWords();
  const toasts = useToasts();
  const words = useKeySentence();
  const act = useAct(() => confirmed(() => DO[step](card.id)));
  const name = fullName(card);
  return (
    <Question
      title={say(step, "title", name)}
      text={say(step, "text", name)}
      act={say(step, "act", name)}
      danger={step === "suspend"}
      busy={act.isPending}
      problem={act.error && !gaveUp(act.error) ? words(act.error) : null}
      onClose={onClose}
      onYes={() =>
        act.mutate(undefined, {
          onSuccess: () => {
            onClose();
            toasts.show({ text: say(step, "done", name) });
          },
        })
      }
    />
  );
}
