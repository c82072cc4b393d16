import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { plain } from "#/core/api/content";
import { ProblemError } from "#/core/api/errors";
import { newId } from "#/core/api/ids";
import type { Label, NewSpace, PersonCard, SpaceKind, Tool } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useSentence } from "#/core/i18n/useSentence";
import { keeper, useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { PeoplePicker } from "#/people/PeoplePicker";
import { Button, ButtonLink } from "#/ui/control/Button";
import { Choice } from "#/ui/control/Choice";
import { TextArea, TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { IconArrowCounterClockwise, IconUserPlus } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { LABELS, LabelPill } from "#/ui/mark/LabelPill";
import { EmptyState } from "#/ui/state/EmptyState";
import { FormProblem } from "#/ui/state/FormProblem";
import { Refusal } from "#/ui/state/Refusal";
import { Effects } from "./Effects";
import { ContentTicks } from "./new/ContentTicks";
import { type ContentKind, fits, labelOf, mayPick, tooStrict } from "./new/contents";
import { LabelChoice } from "./new/LabelChoice";
import styles from "./new/NewSpace.module.css";
import { UnpaintedSquare } from "./new/UnpaintedSquare";
import { held } from "./obstacle";
import { createSpace } from "./queries";
import { RefusedBy } from "./RefusedBy";
import { opens } from "./refusal/possible";
import { Told } from "./refusal/Told";
import type { Offers } from "./refusal/ways";
import { TOOLS, ToolTicks } from "./ToolTicks";
import { useSpaceWords } from "./useSpaceWords";

/** Makes a team or a community: what will be put into it decides its label, and the side says what that does. */
export function NewSpacePage(): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: app } = useTranslation();
  const me = useMe();
  useDocumentTitle(app("titles.create"));
  if (!me.abilities.includes("spaces:space:create")) return <EmptyState whole text={t("new.notForGuests")} />;
  return <Form />;
}

type FieldName = "name" | "description" | "members" | "tools";

function Form(): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: ui } = useTranslation("ui");
  const sentence = useSentence();
  const navigate = useNavigate();
  const toasts = useToasts();
  const judge = useSpaceWords();
  const name = useField("", judge.name);
  const description = useField("", judge.description);
  const [kind, setKind] = useState<SpaceKind>("team");
  const [ticked, setTicked] = useState<ReadonlySet<ContentKind>>(new Set());
  const [picked, setPicked] = useState<Label | null>(null);
  const [tools, setTools] = useState<ReadonlySet<Tool>>(new Set<Tool>(["chat", "files"]));
  const [people, setPeople] = useState<readonly PersonCard[]>([]);
  const nameField = useRef<HTMLInputElement>(null);
  const descriptionField = useRef<HTMLTextAreaElement>(null);
  const refusal = useRef<HTMLDivElement>(null);
  const notHeld = useRef<HTMLDivElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  // The same id for each attempt, so that one which got through unheard is not made twice.
  const clientId = useRef(newId());
  const create = useAct(createSpace);

  const { label, asked } = labelOf(ticked, picked);
  const allowed = fits(kind, label);
  // The label that follows from what one will put in may be one that the instance may not hold.
  const holding = useHouse((house) => house.holdings[label]);
  const unheld = held(holding ?? null);
  // Another label is offered where one is left that fits what one will put in, and how one enters.
  const others = useHouse((house) => house.holdings);
  const another = LABELS.some(
    (one) => one !== label && mayPick(one, asked) && fits(kind, one) && opens(one, others),
  );
  const elsewise: Offers = {
    ...(another && { "choose-label": () => toLabels() }),
    ...(!unheld && { "make-team": () => setKind("team") }),
  };
  const toLabels = (): void => labels.current?.querySelector<HTMLElement>("input:not(:disabled)")?.focus();
  const field = fieldOf(create.error);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (create.isPending) return;
    const fine = [name.check(), description.check()];
    if (!fine[0]) nameField.current?.focus();
    else if (!fine[1]) descriptionField.current?.focus();
    else if (!allowed) refusal.current?.focus();
    else if (unheld) notHeld.current?.focus();
    if (!fine.every(Boolean) || tools.size === 0 || !allowed || unheld) return;
    const asked: NewSpace = {
      client_id: clientId.current,
      kind,
      label,
      tools: TOOLS.filter((tool) => tools.has(tool)),
      name: plain(name.value.trim()),
      description: plain(description.value.trim()),
      members: people.map(({ id }) => id),
    };
    create.mutate(asked, {
      onSuccess: (spaceId) => {
        // A first attempt may have got through unheard, and something was changed since: what stands is what it made.
        const made = keeper.house.get()?.spaces[spaceId]?.space;
        if (made && (made.label !== label || made.kind !== kind)) toasts.show({ text: t("new.madeBefore") });
        void navigate({ to: "/spaces/$spaceId", params: { spaceId } });
      },
    });
  };

  useEffect(() => nameField.current?.focus(), []);

  return (
    <div className={styles.page}>
      <div className={styles.scroll}>
        <form className={styles.form} noValidate onSubmit={submit}>
          <h1 className={styles.title}>{t("new.title")}</h1>
          <div className={styles.first}>
            <div className={styles.name}>
              <UnpaintedSquare size={40} />
              <TextField
                {...name.input}
                ref={nameField}
                label={t("new.name")}
                error={name.error ?? (field === "name" ? t("new.fieldRefused") : null)}
                autoComplete="off"
              />
            </div>
            <Choice
              legend={t("new.entry")}
              value={kind}
              onChange={setKind}
              options={[
                { value: "team", label: t("new.invited") },
                { value: "community", label: t("new.freely") },
              ]}
            />
          </div>
          <TextArea
            {...description.input}
            ref={descriptionField}
            className={styles.section}
            label={t("new.description")}
            hint={t(kind === "community" ? "new.descriptionOpen" : "new.descriptionClosed")}
            error={description.error ?? (field === "description" ? t("new.fieldRefused") : null)}
            rows={2}
            optional
          />
          <ContentTicks ticked={ticked} onChange={setTicked} />
          <div ref={labels}>
            <LabelChoice ticked={ticked} picked={picked} onPick={setPicked} />
          </div>
          {unheld && (
            <div ref={notHeld} tabIndex={-1} className={styles.refusal}>
              <Told verdict={unheld.told} label={label} act="create" offers={elsewise} />
            </div>
          )}
          {!allowed && (
            <div ref={refusal} tabIndex={-1} className={styles.refusal}>
              <NotFreely
                label={label}
                ticked={ticked}
                onInvite={() => setKind("team")}
                onOpen={() => {
                  setPicked(null);
                  setTicked(without(ticked, tooStrict(ticked)));
                }}
              />
            </div>
          )}
          <aside className={styles.effects} aria-label={t("new.effects")}>
            <h2 className={styles.effectsHead}>
              {t("new.effects")} <LabelPill label={label} />
            </h2>
            <Effects label={label} kind={kind} />
            <p className={styles.foot}>{t("new.labelStays")}</p>
          </aside>
          <ToolTicks
            tools={tools}
            onChange={setTools}
            error={tools.size === 0 ? t("new.toolMissing") : null}
          />
          <div className={styles.section}>
            <PeoplePicker
              label={t("new.people")}
              hint={t("new.peopleHint")}
              value={people}
              onChange={setPeople}
              error={field === "members" ? sentence(create.error) : null}
            />
          </div>
          {create.error && field === null && (
            <div className={styles.problem}>
              <RefusedBy
                error={create.error}
                label={label}
                act="create"
                offers={elsewise}
                fallback={<FormProblem text={sentence(create.error)} />}
              />
            </div>
          )}
          <div className={styles.buttons}>
            <Button
              type="submit"
              variant="primary"
              busy={create.isPending}
              aria-disabled={!allowed || unheld !== null}
            >
              {t("new.create")}
            </Button>
            <ButtonLink to="/spaces" variant="plain">
              {ui("cancel")}
            </ButtonLink>
          </div>
        </form>
      </div>
    </div>
  );
}

const FIELDS: readonly string[] = ["name", "description", "members", "tools"] satisfies FieldName[];

/** The field that the server did not take; people who may not come in are told at theirs. */
function fieldOf(error: Error | null): FieldName | null {
  if (!(error instanceof ProblemError)) return null;
  if (error.code === "not-agents") return "members";
  const { field } = error.details;
  return field && FIELDS.includes(field) ? (field as FieldName) : null;
}

function without<Value>(set: ReadonlySet<Value>, gone: readonly Value[]): ReadonlySet<Value> {
  return new Set([...set].filter((value) => !gone.includes(value)));
}

/** Why a space of this label is not entered freely, and the two ways out. */
function NotFreely({
  label,
  ticked,
  onInvite,
  onOpen,
}: {
  label: Label;
  ticked: ReadonlySet<ContentKind>;
  onInvite: () => void;
  onOpen: () => void;
}): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: refusals } = useTranslation("refusals");
  const format = useFormat();
  const gone = tooStrict(ticked).map((one) => t(`content.${one}.inside`));
  return (
    <Refusal
      label={label}
      title={t("notFreely.title", { label: t(`labelWord.${label}`) })}
      reason={t("notFreely.reason")}
      rule={refusals("by.bastide", { rule: refusals("rule.community-label") })}
      ways={[
        {
          icon: IconUserPlus,
          title: t("notFreely.invite"),
          text: t("notFreely.inviteText"),
          action: (
            <Button size="s" onClick={onInvite}>
              {t("notFreely.inviteAction")}
            </Button>
          ),
        },
        {
          icon: IconArrowCounterClockwise,
          title: t("notFreely.open"),
          text:
            gone.length > 0
              ? t("notFreely.openTicked", { what: format.names(gone, gone.length) })
              : t("notFreely.openPicked"),
          action: (
            <Button size="s" onClick={onOpen}>
              {t(gone.length > 0 ? "notFreely.openTickedAction" : "notFreely.openPickedAction")}
            </Button>
          ),
        },
      ]}
    />
  );
}
