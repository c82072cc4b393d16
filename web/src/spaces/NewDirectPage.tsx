import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import type { PersonCard } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { PeoplePicker } from "#/people/PeoplePicker";
import { useOpensDirects } from "#/spaces/refusal/useOpensDirects";
import { Button, ButtonLink } from "#/ui/control/Button";
import { IconNotePencil } from "#/ui/icon";
import { EmptyState } from "#/ui/state/EmptyState";
import { FormProblem } from "#/ui/state/FormProblem";
import styles from "./NewDirectPage.module.css";
import { openDirect } from "./queries";

/** The others of a direct; with oneself they are nine. More people should have a space, with a name and a label. */
const OTHERS_MOST = 8;

/** To whom? Opens the conversation with exactly these people, made when there is none. */
export function NewDirectPage(): ReactElement {
  const { t } = useTranslation("spaces");
  const me = useMe();
  const opens = useOpensDirects();
  const navigate = useNavigate();
  const sentence = useSentence();
  const [people, setPeople] = useState<readonly PersonCard[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const open = useAct(async (ids: readonly string[]) => {
    const spaceId = await openDirect(ids);
    await navigate({ to: "/spaces/$spaceId", params: { spaceId } });
  });
  useDocumentTitle(t("direct.title"));
  useEffect(() => field.current?.focus(), []);
  if (!me.abilities.includes("spaces:direct:create"))
    return <EmptyState whole text={t("direct.notForGuests")} />;
  if (!opens)
    return (
      <EmptyState
        whole
        text={t("direct.closed")}
        action={
          <ButtonLink to="/labels/$label" params={{ label: "internal" }}>
            {t("direct.why")}
          </ButtonLink>
        }
      />
    );

  const submit = (): void => {
    if (people.length > 0 && !open.isPending) open.mutate(people.map(({ id }) => id));
  };
  return (
    <div className={styles.page}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <header className={styles.head}>
          <h1 className={styles.title}>{t("direct.title")}</h1>
          <Button
            icon={IconNotePencil}
            busy={open.isPending && open.variables.length === 0}
            onClick={() => open.mutate([])}
          >
            {t("direct.notes")}
          </Button>
        </header>
        <PeoplePicker
          label={t("direct.to")}
          value={people}
          onChange={(next) => {
            open.reset();
            setPeople(next);
          }}
          full={people.length >= OTHERS_MOST ? t("direct.full", { count: OTHERS_MOST + 1 }) : null}
          inline
          onEnter={submit}
          inputRef={field}
          trailing={
            <Button
              type="submit"
              variant="primary"
              size="l"
              aria-disabled={people.length === 0}
              busy={open.isPending && open.variables.length > 0}
            >
              {t("direct.open")}
            </Button>
          }
          notice={
            open.error ? (
              <div className={styles.problem}>
                <FormProblem text={sentence(open.error)} />
              </div>
            ) : (
              people.length > 1 && (
                <p className={styles.several}>
                  {t("direct.several")} <Link to="/spaces/new">{t("direct.space")}</Link>
                </p>
              )
            )
          }
        />
      </form>
    </div>
  );
}
