import { Menu as Base } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "../control/Kbd";
import { cx } from "../cx";
import { type Icon, IconCheck } from "../icon";
import styles from "./Menu.module.css";

type MenuProps = {
  /** The button that opens it. */
  trigger: ReactElement;
  /** Says what the menu is about, to readers. */
  label: string;
  side?: "bottom-end" | "bottom-start" | "top-start" | "top-end" | "right-end";
  children: ReactNode;
  opened?: boolean;
  onChange?: (opened: boolean) => void;
};

/** What can be done with a thing. Only what is allowed stands in it; a `MenuNote` may say why something is not. */
export function Menu({
  trigger,
  label,
  side = "bottom-end",
  children,
  opened,
  onChange,
}: MenuProps): ReactElement {
  return (
    <Base
      position={side}
      offset={4}
      width="max-content"
      transitionProps={{ duration: 0 }}
      classNames={{ dropdown: styles.menu ?? "" }}
      // Letters and Tab behave as in a menu of the system; focus goes back to the button on leaving.
      returnFocus
      // Else Mantine puts a focusable filler in the menu, which a menu may not hold.
      withInitialFocusPlaceholder={false}
      {...(opened !== undefined && { opened })}
      {...(onChange && { onChange })}
    >
      <Base.Target>{trigger}</Base.Target>
      <Base.Dropdown aria-label={label}>{children}</Base.Dropdown>
    </Base>
  );
}

type ItemProps = {
  icon?: Icon;
  children: ReactNode;
  onSelect: () => void;
  /** For what destroys or leaves. */
  danger?: boolean;
  keys?: readonly string[];
  /** For one of several: says which holds. */
  checked?: boolean;
  /** Leaves the menu open: for settings. */
  stays?: boolean;
};

export function MenuItem({
  icon: Drawing,
  children,
  onSelect,
  danger,
  keys,
  checked,
  stays,
}: ItemProps): ReactElement {
  const line = (
    <span className={styles.line}>
      {Drawing && <Drawing size={18} />}
      <span className={styles.words}>{children}</span>
      {checked && <IconCheck size={18} />}
      {keys && (
        <span className={styles.keys} aria-hidden="true">
          {keys.map((key) => (
            <Kbd key={key} name={key} />
          ))}
        </span>
      )}
    </span>
  );
  if (checked !== undefined) {
    return (
      <Base.RadioItem
        value=""
        checked={checked}
        // The tick stands at the end of the line instead.
        classNames={{ itemIndicator: styles.indicator ?? "" }}
        className={cx(styles.item)}
        onClick={onSelect}
        closeMenuOnClick={!stays}
      >
        {line}
      </Base.RadioItem>
    );
  }
  return (
    <Base.Item
      className={cx(styles.item, danger && styles.danger)}
      onClick={onSelect}
      closeMenuOnClick={!stays}
    >
      {line}
    </Base.Item>
  );
}

export function MenuTitle({ children }: { children: ReactNode }): ReactElement {
  return <Base.Label className={styles.title}>{children}</Base.Label>;
}

export function MenuDivider(): ReactElement {
  return <Base.Divider className={styles.divider} />;
}

/** A line that explains, such as why something is not offered. */
export function MenuNote({ children }: { children: ReactNode }): ReactElement {
  return <div className={styles.note}>{children}</div>;
}
