import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { MemberView, PersonCard, Role } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { PersonRow } from "#/people/PersonRow";
import { usePerson } from "#/people/usePerson";
import { IconCaretDown, IconDoorOpen, IconUserMinus } from "#/ui/icon";
import { Menu, MenuDivider, MenuItem, MenuNote, MenuTitle } from "#/ui/layer/Menu";
import { useToasts } from "#/ui/layer/Toasts";
import { addMembers, changeRole, removeMember } from "../queries";
import { ROLES } from "../roles";
import { may, type SpaceRow } from "../spaces";
import styles from "./MemberRow.module.css";

/** A member: who they are and, at the right, what they may do here; who manages the space changes it there. */
export function MemberRow({
  row,
  member,
  wanted,
  open,
  onOpen,
  onLeave,
  last,
}: {
  row: SpaceRow;
  member: MemberView;
  wanted: string;
  open: boolean;
  onOpen: (person: string) => void;
  onLeave: () => void;
  /** They alone manage the space. */
  last: boolean;
}): ReactElement {
  const { t } = useTranslation("spaces");
  const me = useMe().profile.card.id;
  const person = usePerson(member.person_id);
  const own = member.person_id === me;
  const mayChange = may(row.own, "spaces:member:change");
  const offers =
    mayChange || (own ? may(row.own, "spaces:space:leave") : may(row.own, "spaces:member:remove"));
  return (
    <PersonRow
      person={person}
      wanted={wanted}
      open={open}
      onOpen={onOpen}
      beside={own && <span className={styles.you}>{t("members.you")}</span>}
    >
      {person && offers ? (
        <RoleMenu row={row} member={member} person={person} own={own} last={last} onLeave={onLeave} />
      ) : (
        <span className={styles.role}>{t(`role.${member.role}`)}</span>
      )}
    </PersonRow>
  );
}

function RoleMenu({
  row,
  member,
  person,
  own,
  last,
  onLeave,
}: {
  row: SpaceRow;
  member: MemberView;
  person: PersonCard;
  own: boolean;
  last: boolean;
  onLeave: () => void;
}): ReactElement {
  const { t } = useTranslation("spaces");
  const sentence = useSentence();
  const toasts = useToasts();
  const name = fullName(person);
  const failed = (error: unknown): void => toasts.show({ text: sentence(error) });
  const change = useAct((role: Role) => changeRole(row.id, person.id, role));
  const remove = useAct(() => removeMember(row.id, person.id));
  const mayChange = may(row.own, "spaces:member:change");

  // By promises and not by callbacks: the row may be gone before the answer comes.
  const give = async (role: Role): Promise<void> => {
    const before = member.role;
    if (role === before) return;
    try {
      await change.mutateAsync(role);
    } catch (error) {
      failed(error);
      return;
    }
    toasts.show({
      text: t("members.changed", { name, role: t(`role.${role}`) }),
      // Who gave the managing of it away cannot take it back.
      ...(!own && { undo: () => void changeRole(row.id, person.id, before).catch(failed) }),
    });
  };
  // They are out at once: nothing said from now on reaches them. To undo it is to let them in again, with the same role.
  const putOut = async (): Promise<void> => {
    try {
      await remove.mutateAsync();
    } catch (error) {
      failed(error);
      return;
    }
    const back = async (): Promise<void> => {
      await addMembers(row.id, [person.id], member.role);
      toasts.show({ text: t("members.restored", { name, role: t(`role.${member.role}`) }) });
    };
    // A guest comes back by another invitation, with a day of its own.
    const undo = person.kind === "guest" ? {} : { undo: () => void back().catch(failed) };
    toasts.show({ text: t("members.removed", { name }), ...undo });
  };

  return (
    <Menu
      label={t("members.menu", { name })}
      trigger={
        <button
          type="button"
          className={styles.trigger}
          aria-label={t("members.roleOf", { name, role: t(`role.${member.role}`) })}
          aria-busy={change.isPending || remove.isPending || undefined}
        >
          <span>{t(`role.${member.role}`)}</span>
          <IconCaretDown size={14} />
        </button>
      }
    >
      {mayChange && <MenuTitle>{t("members.role")}</MenuTitle>}
      {mayChange && last && <MenuNote>{t(own ? "members.lastYou" : "members.last")}</MenuNote>}
      {mayChange &&
        !last &&
        [...ROLES].reverse().map((role) => (
          <MenuItem key={role} checked={role === member.role} onSelect={() => void give(role)}>
            <span className={styles.choice}>
              {t(`role.${role}`)}
              <span className={styles.may}>{t(`roleWhat.${role}`)}</span>
            </span>
          </MenuItem>
        ))}
      {own && may(row.own, "spaces:space:leave") && (
        <>
          {mayChange && <MenuDivider />}
          <MenuItem icon={IconDoorOpen} danger onSelect={onLeave}>
            {t("leave.action")}
          </MenuItem>
        </>
      )}
      {!own && may(row.own, "spaces:member:remove") && !last && (
        <>
          {mayChange && <MenuDivider />}
          <MenuItem icon={IconUserMinus} danger onSelect={() => void putOut()}>
            {t("members.remove")}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
