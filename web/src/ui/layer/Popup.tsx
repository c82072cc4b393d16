import { Popover } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";
import styles from "./Menu.module.css";
import own from "./Popup.module.css";

/** A small layer that belongs to a control: a person's card, a list of choices. Esc and a click outside close it. */
export function Popup({
  trigger,
  label,
  opened,
  onChange,
  side = "bottom-start",
  focusInside = true,
  children,
}: {
  trigger: ReactElement;
  label: string;
  opened: boolean;
  onChange: (opened: boolean) => void;
  side?: "bottom-start" | "bottom-end" | "top-start" | "top-end" | "right-start";
  /** Off where one goes on typing in the control itself. */
  focusInside?: boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      position={side}
      offset={4}
      trapFocus={focusInside}
      returnFocus={focusInside}
      transitionProps={{ duration: 0 }}
      classNames={{ dropdown: `${styles.menu} ${own.popup}` }}
    >
      <Popover.Target>{trigger}</Popover.Target>
      <Popover.Dropdown aria-label={label}>{children}</Popover.Dropdown>
    </Popover>
  );
}
