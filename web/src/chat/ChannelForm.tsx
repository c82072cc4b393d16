import { type FormEvent, type ReactElement, useRef } from "react";
import { useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import { ProblemError, Unreachable } from "#/core/api/errors";
import type { SpaceRow } from "#/spaces/spaces";
import { TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { IconWarningCircle } from "#/ui/icon";
import styles from "./ChannelForm.module.css";

const NAME_MOST = 60;
const TOPIC_MOST = 200;

/** A name as the server keeps it: no spaces at its ends, one between its words. */
const tidy = (text: string): string => text.trim().replace(/\s+/gu, " ");
const over = (text: string, most: number): number => [...tidy(text)].length - most;

export type ChannelFields = { readonly name: string; readonly topic: string };

/** The name and the topic of a channel, judged when they are left. `id` ties it to the button that sends it. */
export function ChannelForm({
  id,
  space,
  channelId,
  initial,
  problem,
  onSubmit,
}: {
  id: string;
  space: SpaceRow;
  /** The channel that is being changed, which may keep its own name. */
  channelId?: string;
  initial: ChannelFields;
  /** What went wrong when it was sent. */
  problem: Error | null;
  onSubmit: (fields: ChannelFields) => void;
}): ReactElement {
  const { t } = useTranslation("chat");
  const nameField = useRef<HTMLInputElement>(null);
  const taken = (text: string): boolean =>
    space.channels.some(
      ({ channel }) =>
        channel.id !== channelId &&
        words(channel.name).toLocaleLowerCase() === tidy(text).toLocaleLowerCase(),
    );
  const name = useField(initial.name, (text) => {
    if (tidy(text) === "") return t("channel.nameMissing");
    if (over(text, NAME_MOST) > 0) return t("channel.nameLong", { count: over(text, NAME_MOST) });
    return taken(text) ? t("channel.nameTaken") : null;
  });
  const topic = useField(initial.topic, (text) =>
    over(text, TOPIC_MOST) > 0 ? t("channel.topicLong", { count: over(text, TOPIC_MOST) }) : null,
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const fine = [name.check(), topic.check()];
    if (!fine[0]) nameField.current?.focus();
    if (fine.every(Boolean)) onSubmit({ name: tidy(name.value), topic: tidy(topic.value) });
  };
  return (
    <form id={id} className={styles.form} noValidate onSubmit={submit}>
      <TextField
        {...name.input}
        ref={nameField}
        label={t("channel.name")}
        hint={t("channel.nameHint")}
        autoComplete="off"
        data-autofocus
      />
      <TextField
        {...topic.input}
        label={t("channel.topic")}
        hint={t("channel.topicHint")}
        optional
        autoComplete="off"
      />
      {problem && <FormProblem problem={problem} />}
    </form>
  );
}

/** Why what was sent was not taken; what was typed is still there. */
function FormProblem({ problem }: { problem: Error }): ReactElement {
  const { t } = useTranslation("errors");
  const sentence =
    problem instanceof Unreachable
      ? `${t("network.title")}. ${t("network.text")}`
      : (problem instanceof ProblemError && problem.details.title) || t("unexpected.title");
  return (
    <p className={styles.problem} role="alert">
      <IconWarningCircle size={18} />
      <span>{sentence}</span>
    </p>
  );
}
