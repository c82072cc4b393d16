import type { ComponentPropsWithRef, ReactElement } from "react";
import { cx } from "../cx";
import type { Icon } from "../icon";
import styles from "./IconButton.module.css";
import { Tip } from "./Tip";

type IconButtonProps = Omit<ComponentPropsWithRef<"button">, "children" | "aria-label"> & {
  icon: Icon;
  /** What it does; shown on hover and focus, said to readers. */
  label: string;
  /** Its keys, shown beside the label. The caller makes them work. */
  keys?: readonly string[];
  iconSize?: number;
  /** For a button that stays down. */
  pressed?: boolean;
  side?: "top" | "bottom" | "left" | "right";
  danger?: boolean;
  /** How many there are of it, beside the icon and after the label. */
  count?: number;
};

/** A button that is an icon: 32 pixels, 44 on a phone. */
export function IconButton({
  icon: Drawing,
  label,
  keys,
  iconSize = 20,
  pressed,
  side,
  danger,
  count,
  className,
  type = "button",
  ...rest
}: IconButtonProps): ReactElement {
  return (
    <Tip label={label} keys={keys} {...(side && { side })}>
      <button
        {...rest}
        type={type}
        aria-label={count === undefined ? label : `${label}, ${count}`}
        aria-pressed={pressed}
        className={cx(
          styles.button,
          danger && styles.danger,
          count !== undefined && styles.counted,
          className,
        )}
      >
        <Drawing size={iconSize} />
        {count !== undefined && (
          <span className={styles.count} aria-hidden="true">
            {count}
          </span>
        )}
      </button>
    </Tip>
  );
}
