import { useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { Button } from "#/ui/control/Button";
import { FormProblem } from "#/ui/state/FormProblem";
import { openDirect } from "../queries";

/** Opens one's conversation with somebody; nothing for who opens none. */
export function WriteTo({ person }: { person: PersonCard | undefined }): ReactElement | null {
  const { t } = useTranslation("refusals");
  const sentence = useSentence();
  const navigate = useNavigate();
  const me = useMe();
  const open = useAct(openDirect);
  if (!person || person.id === me.profile.card.id || !me.abilities.includes("spaces:direct:create"))
    return null;
  return (
    <>
      <Button
        size="s"
        busy={open.isPending}
        onClick={() =>
          open.mutate([person.id], {
            onSuccess: (spaceId) => void navigate({ to: "/spaces/$spaceId", params: { spaceId } }),
          })
        }
      >
        {t("way.ask-manager.act", { name: fullName(person) })}
      </Button>
      {open.error && <FormProblem text={sentence(open.error)} />}
    </>
  );
}
