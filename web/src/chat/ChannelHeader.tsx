import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import type { OwnChannel, PersonCard } from "#/core/api/schema";
import { useHouse } from "#/core/journal/live";
import { fullName } from "#/people/names";
import { usePresence } from "#/people/usePresence";
import { may, type SpaceRow } from "#/spaces/spaces";
import { IconButton } from "#/ui/control/IconButton";
import { IconDotsThree, IconHash, IconLink, IconPencilSimple, IconPlus } from "#/ui/icon";
import { PresenceMark } from "#/ui/identity/Presence";
import { Menu, MenuDivider, MenuItem } from "#/ui/layer/Menu";
import { useToasts } from "#/ui/layer/Toasts";
import styles from "./ChannelHeader.module.css";
import { ChannelSettings } from "./ChannelSettings";
import { copyText } from "./list/copy";
import { NewChannelDialog } from "./NewChannelDialog";

/** The line above the messages: the channel and what it is about, or the people of a direct and how they are. */
export function ChannelHeader({
  space,
  own,
  me,
}: {
  space: SpaceRow;
  own: OwnChannel;
  me: string;
}): ReactElement {
  if (space.own.space.kind === "direct") return <DirectLine space={space} me={me} />;
  return <ChannelLine space={space} own={own} />;
}

function ChannelLine({ space, own }: { space: SpaceRow; own: OwnChannel }): ReactElement {
  const { t } = useTranslation("chat");
  const toasts = useToasts();
  const [dialog, setDialog] = useState<"settings" | "new" | null>(null);
  const name = words(own.channel.name);
  const topic = words(own.channel.topic);
  const mayChange = may(space.own, "chat:channel:edit");
  const mayCreate = may(space.own, "chat:channel:create");
  const link = async (): Promise<void> => {
    const copied = await copyText(`${location.origin}/spaces/${space.id}/chat/${own.channel.id}`);
    toasts.show({ text: t(copied ? "channel.linked" : "done.notCopied") });
  };
  return (
    <div className={styles.header} data-bare={(!topic && !mayChange && !mayCreate) || undefined}>
      <IconHash size={18} className={styles.hash} />
      <h2 className={styles.name} title={name}>
        {name}
      </h2>
      {topic && (
        <p className={styles.topic} title={topic}>
          {topic}
        </p>
      )}
      {!topic && mayChange && (
        <button type="button" className={styles.add} onClick={() => setDialog("settings")}>
          {t("channel.addTopic")}
        </button>
      )}
      <span className={styles.actions}>
        {/* On a phone, one comes to the only channel of a space without passing by the list of them. */}
        {mayCreate && space.channels.length === 1 && (
          <IconButton
            icon={IconPlus}
            label={t("channel.newIn", { name: space.name })}
            className={styles.new}
            aria-haspopup="dialog"
            onClick={() => setDialog("new")}
          />
        )}
        <Menu
          label={t("channel.menu", { name })}
          trigger={<IconButton icon={IconDotsThree} label={t("channel.menu", { name })} />}
        >
          <MenuItem icon={IconLink} onSelect={() => void link()}>
            {t("channel.copyLink")}
          </MenuItem>
          {(mayChange || mayCreate) && <MenuDivider />}
          {mayChange && (
            <MenuItem icon={IconPencilSimple} onSelect={() => setDialog("settings")}>
              {t("channel.settings")}
            </MenuItem>
          )}
          {mayCreate && (
            <MenuItem icon={IconPlus} onSelect={() => setDialog("new")}>
              {t("channel.new")}
            </MenuItem>
          )}
        </Menu>
      </span>
      <ChannelSettings
        space={space}
        own={own}
        opened={dialog === "settings"}
        onClose={() => setDialog(null)}
      />
      <NewChannelDialog space={space} opened={dialog === "new"} onClose={() => setDialog(null)} />
    </div>
  );
}

function DirectLine({ space, me }: { space: SpaceRow; me: string }): ReactElement | null {
  const others = space.others.filter(({ id }) => id !== me);
  const [one] = others;
  // To oneself there is nobody to speak of.
  if (!one) return null;
  return (
    <div className={styles.header}>
      <ul className={styles.people}>
        {others.map((person) => (
          <Person
            key={person.id}
            person={person}
            alone={others.length === 1}
            organisationId={space.own.space.organisation_id}
          />
        ))}
      </ul>
    </div>
  );
}

function Person({
  person,
  alone,
  organisationId,
}: {
  person: PersonCard;
  alone: boolean;
  organisationId: string;
}): ReactElement {
  const { t } = useTranslation("ui");
  const { t: chat } = useTranslation("chat");
  const presence = usePresence(person.id);
  const organisation = useHouse((house) => house.organisations[person.organisation_id]);
  const about = [
    alone && presence && t(`presence.${presence}`),
    alone && person.function,
    person.kind === "guest" && chat("message.guest"),
    person.organisation_id !== organisationId && organisation?.short_name,
  ].filter(Boolean);
  return (
    <li className={styles.person}>
      {presence && <PresenceMark presence={presence} size={9} said={!alone} />}
      {!alone && <span>{fullName(person)}</span>}
      {about.length > 0 && <span className={styles.about}>{about.join(" · ")}</span>}
    </li>
  );
}
