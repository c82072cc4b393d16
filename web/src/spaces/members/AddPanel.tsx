import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard, Role } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { PeoplePicker } from "#/people/PeoplePicker";
import { useStill } from "#/people/picker/useFound";
import { Button } from "#/ui/control/Button";
import { Choice } from "#/ui/control/Choice";
import { SidePanel } from "#/ui/layer/SidePanel";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import { addMembers, useMembers } from "../queries";
import { RefusedBy } from "../RefusedBy";
import { ROLES } from "../roles";
import type { SpaceRow } from "../spaces";
import styles from "./AddPanel.module.css";

/** Lets people into a space, all with one role. Whom a rule keeps out is said, with the rule. */
export function AddPanel({ row, onClose }: { row: SpaceRow; onClose: () => void }): ReactElement {
  const { t } = useTranslation("spaces");
  const sentence = useSentence();
  const toasts = useToasts();
  const me = useMe().profile.card.id;
  const [people, setPeople] = useState<readonly PersonCard[]>([]);
  const [role, setRole] = useState<Role>("contributor");
  const [query, setQuery] = useState("");
  const inside = useInside(row.id, query);
  const field = useRef<HTMLInputElement>(null);
  const add = useAct((asked: { people: readonly PersonCard[]; role: Role }) =>
    addMembers(
      row.id,
      asked.people.map(({ id }) => id),
      asked.role,
    ),
  );
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  const submit = (): void => {
    if (people.length === 0 || add.isPending) return;
    add.mutate(
      { people, role },
      {
        onSuccess: () => {
          const [one] = people;
          toasts.show({
            text:
              people.length === 1 && one
                ? t("add.doneOne", { name: fullName(one) })
                : t("add.done", { count: people.length }),
          });
          onClose();
        },
      },
    );
  };
  return (
    <SidePanel
      title={t("add.title")}
      onClose={onClose}
      foot={
        <div className={styles.foot}>
          <Choice
            legend={t("members.role")}
            value={role}
            onChange={setRole}
            options={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
          />
          <p className={styles.may}>{t(`roleWhat.${role}`)}</p>
          <Button
            variant="primary"
            wide
            aria-disabled={people.length === 0}
            busy={add.isPending}
            onClick={submit}
          >
            {people.length > 1 ? t("add.actionMany", { count: people.length }) : t("add.action")}
          </Button>
        </div>
      }
    >
      <PeoplePicker
        label={t("add.who")}
        value={people}
        onChange={(next) => {
          add.reset();
          setPeople(next);
        }}
        onQuery={setQuery}
        refused={({ id }) => (inside.has(id) || id === me ? t("add.inside") : undefined)}
        inline
        onEnter={submit}
        inputRef={field}
        notice={
          add.error && (
            <div className={styles.problem}>
              <RefusedBy
                error={add.error}
                label={row.own.space.label}
                fallback={<FormProblem text={sentence(add.error)} />}
              />
            </div>
          )
        }
      />
    </SidePanel>
  );
}

/** Who is in already, of those that the picker may show: the first members, and those found by what is typed. */
function useInside(space: string, query: string): ReadonlySet<string> {
  const asked = useStill(query.trim());
  const first = useMembers(space).list;
  const found = useMembers(space, asked).list;
  return new Set([...(first?.members ?? []), ...(found?.members ?? [])].map(({ person_id }) => person_id));
}
