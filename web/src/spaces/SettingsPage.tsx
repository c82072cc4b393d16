import { Link, useParams } from "@tanstack/react-router";
import { type FormEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { ChannelSettings } from "#/chat/ChannelSettings";
import { NewChannelDialog } from "#/chat/NewChannelDialog";
import { plain, words } from "#/core/api/content";
import type { OwnChannel, SpaceChange, Tool } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useHouse } from "#/core/journal/live";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { Switch } from "#/ui/control/Choice";
import { TextArea, TextField } from "#/ui/control/Field";
import { IconButton } from "#/ui/control/IconButton";
import { useField } from "#/ui/control/useField";
import { IconDoorOpen, IconHash, IconPencilSimple, IconPlus } from "#/ui/icon";
import { SpaceSquare } from "#/ui/identity/SpaceSquare";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import { Closed } from "./Closed";
import { ExportSection } from "./exports/ExportSection";
import { LabelSection } from "./labels/LabelSection";
import { changeSpace } from "./queries";
import styles from "./SettingsPage.module.css";
import { hasSettings, may, type SpaceRow } from "./spaces";
import { TOOLS } from "./ToolTicks";
import { useLeave } from "./useLeave";
import { useSpace } from "./useSpaces";
import { useSpaceWords } from "./useSpaceWords";

/** How a space is set: its name, its tools, its channels, what its label does, and the way out. */
export function SettingsPage(): ReactElement | null {
  const { spaceId } = useParams({ from: "/house/spaces/$spaceId/settings" });
  const { t } = useTranslation("spaces");
  const row = useSpace(spaceId);
  useDocumentTitle(t("tool.settings"), row?.name);
  if (!row) return null;
  if (!hasSettings(row.own)) {
    return <Closed row={row} action="spaces:space:edit" role={t("settings.notYours")} />;
  }
  return <Settings key={row.id} row={row} />;
}

function Settings({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("spaces");
  const { leave, dialog } = useLeave(row);
  const { kind, tools } = row.own.space;
  const edits = may(row.own, "spaces:space:edit");
  return (
    <div className={styles.page}>
      <div className={styles.inside}>
        {edits && <Names row={row} />}
        {edits && <Tools row={row} />}
        {edits && tools.includes("chat") && <Channels row={row} />}
        <div className={styles.section}>
          <LabelSection row={row} />
        </div>
        {may(row.own, "spaces:space:export") && (
          <div className={styles.section}>
            <ExportSection row={row} />
          </div>
        )}
        {may(row.own, "spaces:space:leave") && (
          <section className={styles.section}>
            <h2 className={styles.heading}>{t("settings.leave")}</h2>
            <p className={styles.about}>
              {t(kind === "community" ? "settings.leaveOpen" : "settings.leaveInvited")}
            </p>
            <Button icon={IconDoorOpen} onClick={leave} className={styles.leave}>
              {t("leave.action")}
            </Button>
          </section>
        )}
        {dialog}
      </div>
    </div>
  );
}

function Names({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: ui } = useTranslation("ui");
  const sentence = useSentence();
  const toasts = useToasts();
  const judge = useSpaceWords();
  const before = { name: words(row.own.space.name), description: words(row.own.space.description) };
  const name = useField(before.name, judge.name);
  const description = useField(before.description, judge.description);
  const change = useAct((asked: SpaceChange) => changeSpace(row.id, asked));
  useFollow(name, before.name);
  useFollow(description, before.description);
  const moved = name.value.trim() !== before.name || description.value.trim() !== before.description;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (change.isPending || ![name.check(), description.check()].every(Boolean)) return;
    // Only what one changed: somebody else may be changing the other.
    const asked: SpaceChange = {
      ...(name.value.trim() !== before.name && { name: plain(name.value.trim()) }),
      ...(description.value.trim() !== before.description && {
        description: plain(description.value.trim()),
      }),
    };
    change.mutate(asked, {
      onSuccess: ({ space }) => {
        name.set(words(space.name));
        description.set(words(space.description));
        toasts.show({ text: t("settings.saved") });
      },
    });
  };
  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      <div className={styles.name}>
        <SpaceSquare id={row.id} size={40} />
        <TextField {...name.input} label={t("new.name")} autoComplete="off" />
      </div>
      <TextArea
        {...description.input}
        label={t("new.description")}
        hint={t(row.own.space.kind === "community" ? "new.descriptionOpen" : "new.descriptionClosed")}
        rows={2}
        optional
      />
      {change.error && <FormProblem text={sentence(change.error)} />}
      {moved && (
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" busy={change.isPending}>
            {t("settings.save")}
          </Button>
          <Button
            variant="plain"
            onClick={() => {
              change.reset();
              name.set(before.name);
              description.set(before.description);
            }}
          >
            {ui("cancel")}
          </Button>
        </div>
      )}
    </form>
  );
}

/** A field that nobody has touched follows what others make of it. */
function useFollow(field: { value: string; set: (value: string) => void }, stands: string): void {
  const stood = useRef(stands);
  useEffect(() => {
    if (field.value === stood.current) field.set(stands);
    stood.current = stands;
  }, [field, stands]);
}

function Tools({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("spaces");
  const sentence = useSentence();
  const toasts = useToasts();
  const calling = useHouse((house) => row.id in house.calls);
  // What one has just turned shows at once.
  const [turned, setTurned] = useState<Tool[] | null>(null);
  const tools = turned ?? row.own.space.tools;

  const turn = async (tool: Tool, on: boolean, from: readonly Tool[]): Promise<void> => {
    const wanted = TOOLS.filter((one) => (one === tool ? on : from.includes(one)));
    setTurned(wanted);
    try {
      await changeSpace(row.id, { tools: wanted });
    } catch (error) {
      toasts.show({ text: sentence(error) });
      return;
    } finally {
      setTurned(null);
    }
    toasts.show({
      text: t(on ? "settings.toolOn" : "settings.toolOff", { tool: t(`toolWord.${tool}`) }),
      undo: () => void turn(tool, !on, wanted),
    });
  };
  const about = (tool: Tool, on: boolean): string => {
    if (!on) return t(`toolWhat.${tool}`);
    if (tools.length === 1) return t("settings.toolLast");
    return t(tool === "meet" && calling ? "settings.toolCalling" : `settings.without.${tool}`);
  };
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{t("settings.tools")}</h2>
      <div className={styles.switches}>
        {TOOLS.map((tool) => {
          const on = tools.includes(tool);
          return (
            <Switch
              key={tool}
              label={t(`toolWord.${tool}`)}
              detail={about(tool, on)}
              checked={on}
              disabled={on && tools.length === 1}
              onChange={(event) => void turn(tool, event.target.checked, tools)}
            />
          );
        })}
      </div>
    </section>
  );
}

function Channels({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: chat } = useTranslation("chat");
  const [making, setMaking] = useState(false);
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <h2 className={styles.heading}>{t("settings.channels")}</h2>
        {may(row.own, "chat:channel:create") && (
          <Button size="s" icon={IconPlus} onClick={() => setMaking(true)}>
            {chat("channel.new")}
          </Button>
        )}
      </header>
      <ul className={styles.channels}>
        {row.channels.map((own) => (
          <Channel key={own.channel.id} row={row} own={own} />
        ))}
      </ul>
      <NewChannelDialog space={row} opened={making} onClose={() => setMaking(false)} />
    </section>
  );
}

function Channel({ row, own }: { row: SpaceRow; own: OwnChannel }): ReactElement {
  const { t } = useTranslation("spaces");
  const [changing, setChanging] = useState(false);
  const name = words(own.channel.name);
  const topic = words(own.channel.topic);
  return (
    <li className={styles.channel}>
      <IconHash size={18} />
      <span className={styles.channelText}>
        <Link
          to="/spaces/$spaceId/chat/$channelId"
          params={{ spaceId: row.id, channelId: own.channel.id }}
          className={styles.channelName}
        >
          {name}
        </Link>
        {topic && <span className={styles.topic}>{topic}</span>}
      </span>
      {may(row.own, "chat:channel:edit") && (
        <>
          <IconButton
            icon={IconPencilSimple}
            iconSize={18}
            label={t("settings.changeChannel", { name })}
            side="left"
            onClick={() => setChanging(true)}
          />
          <ChannelSettings space={row} own={own} opened={changing} onClose={() => setChanging(false)} />
        </>
      )}
    </li>
  );
}
