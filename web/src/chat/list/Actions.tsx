import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#/ui/control/IconButton";
import { IconCopy, IconLink, IconPencilSimple, IconTrash } from "#/ui/icon";
import { Menu, MenuItem } from "#/ui/layer/Menu";
import styles from "./Actions.module.css";
import type { Shown } from "./shown";

/** What can be done with a message; the list does it. The functions stay the same for as long as the list is there. */
export type Doing = {
  readonly copy: (shown: Shown) => void;
  readonly link: (shown: Shown) => void;
  readonly edit: (shown: Shown) => void;
  readonly save: (shown: Shown, text: string) => void;
  readonly cancelEdit: (shown: Shown) => void;
  readonly remove: (shown: Shown) => void;
};

type ActionsProps = { shown: Shown; mayEdit: boolean; mayDelete: boolean; doing: Doing };

/** What can be done with the message under the pointer or the focus, at its right end. */
export function Actions({ shown, mayEdit, mayDelete, doing }: ActionsProps): ReactElement {
  const { t } = useTranslation("chat");
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that belong together, not fields of a form
    <div className={styles.actions} role="group" aria-label={t("actions.label")}>
      {shown.text && (
        <IconButton
          icon={IconCopy}
          label={t("actions.copy")}
          side="top"
          iconSize={18}
          onClick={() => doing.copy(shown)}
        />
      )}
      <IconButton
        icon={IconLink}
        label={t("actions.link")}
        side="top"
        iconSize={18}
        onClick={() => doing.link(shown)}
      />
      {mayEdit && (
        <IconButton
          icon={IconPencilSimple}
          label={t("actions.edit")}
          keys={["E"]}
          side="top"
          iconSize={18}
          onClick={() => doing.edit(shown)}
        />
      )}
      {mayDelete && (
        <IconButton
          icon={IconTrash}
          label={t("actions.delete")}
          keys={[t("actions.keys.delete")]}
          side="top"
          iconSize={18}
          danger
          onClick={() => doing.remove(shown)}
        />
      )}
    </div>
  );
}

/** The same for a finger: a menu where it was held down. */
export function HeldMenu({
  shown,
  mayEdit,
  mayDelete,
  doing,
  at,
  onClose,
}: ActionsProps & { at: { x: number; y: number }; onClose: () => void }): ReactElement {
  const { t } = useTranslation("chat");
  return (
    <Menu
      opened
      onChange={(open) => {
        if (!open) onClose();
      }}
      label={t("actions.label")}
      side="bottom-start"
      trigger={
        <button
          type="button"
          tabIndex={-1}
          className={styles.held}
          style={{ left: at.x, top: at.y }}
          aria-label={t("actions.label")}
        />
      }
    >
      {shown.text && (
        <MenuItem icon={IconCopy} onSelect={() => doing.copy(shown)}>
          {t("actions.copy")}
        </MenuItem>
      )}
      <MenuItem icon={IconLink} onSelect={() => doing.link(shown)}>
        {t("actions.link")}
      </MenuItem>
      {mayEdit && (
        <MenuItem icon={IconPencilSimple} onSelect={() => doing.edit(shown)}>
          {t("actions.edit")}
        </MenuItem>
      )}
      {mayDelete && (
        <MenuItem icon={IconTrash} danger onSelect={() => doing.remove(shown)}>
          {t("actions.delete")}
        </MenuItem>
      )}
    </Menu>
  );
}
