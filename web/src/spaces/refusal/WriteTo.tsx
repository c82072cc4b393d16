import { useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { useProfile } from "#/people/queries";
import { Button, ButtonAnchor } from "#/ui/control/Button";
import { IconAt, IconPhone } from "#/ui/icon";
import { FormProblem } from "#/ui/state/FormProblem";
import { openDirect } from "../queries";
import { useOpensDirects } from "./useOpensDirects";
import styles from "./WriteTo.module.css";

/** A way to somebody: one's conversation with them here, or their address and telephone where none can be opened now. */
export function WriteTo({ person }: { person: PersonCard | undefined }): ReactElement | null {
  const me = useMe();
  const opens = useOpensDirects();
  if (!person || person.id === me.profile.card.id) return null;
  return opens ? <Here person={person} /> : <Outside person={person} />;
}

function Here({ person }: { person: PersonCard }): ReactElement {
  const { t } = useTranslation("refusals");
  const sentence = useSentence();
  const navigate = useNavigate();
  const open = useAct(openDirect);
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

/** Conversations are closed like everything else: what is left is outside of Bastide. */
function Outside({ person }: { person: PersonCard }): ReactElement | null {
  const { t } = useTranslation("refusals");
  const { data } = useProfile(person.id);
  if (!data) return null;
  const { email, phone } = data;
  return (
    <>
      <p data-part="how">{t("reach", { name: fullName(person) })}</p>
      <div className={styles.addresses}>
        <ButtonAnchor href={`mailto:${email}`} size="s" icon={IconAt}>
          {email}
        </ButtonAnchor>
        {phone && (
          <ButtonAnchor href={`tel:${phone.replaceAll(/[^+\d]/gu, "")}`} size="s" icon={IconPhone}>
            {phone}
          </ButtonAnchor>
        )}
      </div>
    </>
  );
}
