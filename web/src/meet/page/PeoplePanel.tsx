import { type ReactElement, useRef } from "react";
import { useTranslation } from "react-i18next";
import { usePerson } from "#/people/usePerson";
import { IconMicrophone, IconMicrophoneSlash, IconScreencast, IconVideoCamera } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { SidePanel } from "#/ui/layer/SidePanel";
import type { Member } from "../room/members";
import type { CallRoom } from "../room/room";
import type { Named } from "./naming";
import styles from "./PeoplePanel.module.css";
import { useSpeaking } from "./Tile";

/** Who is in the call, who speaks, who is muted. */
export function PeoplePanel({
  room,
  members,
  names,
  few,
  onClose,
}: {
  room: CallRoom;
  members: readonly Member[];
  names: ReadonlyMap<string, Named>;
  few: boolean;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("meet");
  const { t: ui } = useTranslation("ui");
  const count = new Set(members.map(({ person }) => person)).size;
  return (
    <SidePanel title={t("people.title")} about={ui("people", { count })} onClose={onClose}>
      {few && <p className={styles.note}>{t("notice.few")}</p>}
      <ul>
        {members.map((member) => {
          const named = names.get(member.identity);
          return named && <Row key={member.identity} room={room} member={member} named={named} />;
        })}
      </ul>
    </SidePanel>
  );
}

function Row({ room, member, named }: { room: CallRoom; member: Member; named: Named }): ReactElement {
  const { t } = useTranslation("meet");
  const row = useRef<HTMLLIElement>(null);
  useSpeaking(room, member.identity, row);
  const card = usePerson(member.person);
  const open = member.microphone === "open";
  const Microphone = open ? IconMicrophone : IconMicrophoneSlash;
  return (
    <li ref={row} className={styles.row}>
      <span className={styles.face}>
        <Avatar person={named.face} size={32} />
      </span>
      <span className={styles.who}>
        <span className={styles.name}>{named.name}</span>
        <span className={styles.about}>{member.here ? card?.function : t("people.away")}</span>
      </span>
      {member.screen && <IconScreencast size={20} label={t("tile.screenOf", { name: named.name })} />}
      {member.camera && <IconVideoCamera size={20} label={t("tile.video", { name: named.name })} />}
      {member.here && (
        <span className={styles.microphone} data-open={open || undefined}>
          <Microphone
            size={20}
            {...(!open && { label: t(member.microphone === "none" ? "tile.noMicrophone" : "tile.muted") })}
          />
        </span>
      )}
    </li>
  );
}
