import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Label, PersonCard, RefusedMember, Role } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { PeoplePicker } from "#/people/PeoplePicker";
import { useFound, useStill } from "#/people/picker/useFound";
import { Button } from "#/ui/control/Button";
import { Choice } from "#/ui/control/Choice";
import { SidePanel } from "#/ui/layer/SidePanel";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import { addMembers, useMembers } from "../queries";
import { RefusedBy } from "../RefusedBy";
import { Told } from "../refusal/Told";
import { verdict, verdictOf } from "../refusals";
import { ROLES } from "../roles";
import type { SpaceRow } from "../spaces";
import { isUnsealed } from "../Unsealed";
import styles from "./AddPanel.module.css";

/** Lets people into a space, all with one role. Whom a rule keeps out is said, with the rule. */
export function AddPanel({ row, onClose }: { row: SpaceRow; onClose: () => void }): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: refusals } = useTranslation("refusals");
  const sentence = useSentence();
  const toasts = useToasts();
  const me = useMe().profile.card.id;
  const [people, setPeople] = useState<readonly PersonCard[]>([]);
  const [role, setRole] = useState<Role>("contributor");
  const [query, setQuery] = useState("");
  const inside = useInside(row.id, query);
  const { label } = row.own.space;
  const stranger = useStranger(query, label);
  const field = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<readonly RefusedMember[]>([]);
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
        onSuccess: (done) => {
          const added = people.filter(({ id }) => done.added.includes(id));
          const [one] = added;
          if (one) {
            toasts.show({
              text:
                added.length === 1
                  ? t("add.doneOne", { name: fullName(one) })
                  : t("add.done", { count: added.length }),
            });
          }
          if (done.refused.length === 0) return onClose();
          // They stay chosen, with the reason: one changes the role, or gives them up.
          setRefused(done.refused);
          setPeople(people.filter(({ id }) => !done.added.includes(id)));
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
          setRefused([]);
          setPeople(next);
        }}
        onQuery={setQuery}
        refused={({ id }) => (inside.has(id) || id === me ? t("add.inside") : undefined)}
        inline
        onEnter={submit}
        inputRef={field}
        notice={
          add.error ? (
            <div className={styles.problem}>
              <RefusedBy
                error={add.error}
                label={row.own.space.label}
                act="enter"
                row={row}
                name={people.length === 1 && people[0] ? fullName(people[0]) : null}
                fallback={<FormProblem text={sentence(add.error)} />}
              />
            </div>
          ) : refused.length > 0 ? (
            <div className={styles.problem}>
              <Refused refused={refused} people={people} />
            </div>
          ) : (
            stranger && (
              <div className={styles.problem}>
                <Told
                  verdict={verdict("guest-label", `guest-in-${label}`)}
                  label={label}
                  act="enter"
                  row={row}
                  name={stranger}
                  before={refusals("whyEnter.guest")}
                />
              </div>
            )
          )
        }
      />
    </SidePanel>
  );
}

/** Whom a rule kept out while the others came in: each by name, with the rule's own sentence. */
function Refused({
  refused,
  people,
}: {
  refused: readonly RefusedMember[];
  people: readonly PersonCard[];
}): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: refusals } = useTranslation("refusals");
  const names = new Map(people.map((person) => [person.id, fullName(person)]));
  const why = ({ hindrance, guest }: RefusedMember): string => {
    if (guest) return t("add.guest");
    if (!hindrance) return t("add.nobody");
    const told = verdictOf({ code: "refused", ...hindrance });
    if (told?.reason) return refusals(`why.${told.reason}`);
    return told ? refusals(`title.rule.${told.rule}`) : t("barred.why.other");
  };
  return (
    <div role="alert">
      <p>{t("add.someRefused", { count: refused.length })}</p>
      <ul>
        {refused.map((one) => (
          <li key={one.person_id}>
            {t("add.refused", { name: names.get(one.person_id) ?? "", why: why(one) })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Who is in already, of those that the picker may show: the first members, and those found by what is typed. */
function useInside(space: string, query: string): ReadonlySet<string> {
  const asked = useStill(query.trim());
  const first = useMembers(space).list;
  const found = useMembers(space, asked).list;
  return new Set([...(first?.members ?? []), ...(found?.members ?? [])].map(({ person_id }) => person_id));
}

const ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s.]{2,}$/u;

/** The address that is typed, where it is nobody's of the instance and the space lets in no guest. */
function useStranger(query: string, label: Label): string | null {
  const typed = query.trim();
  const { people, settled } = useFound(query);
  return isUnsealed(label) && ADDRESS.test(typed) && settled && people.length === 0 ? typed : null;
}
