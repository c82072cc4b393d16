import type { ComponentPropsWithRef, ReactElement } from "react";
import { Tip } from "#/ui/control/Tip";
import { cx } from "#/ui/cx";
import type { Icon } from "#/ui/icon";
import styles from "./Control.module.css";

type ControlProps = Omit<ComponentPropsWithRef<"button">, "children" | "aria-label"> & {
  icon: Icon;
  /** What pressing it does, in words: on hover and focus, and to readers. */
  label: string;
  keys?: readonly string[];
  /** Something is cut off: it shows from afar. */
  off?: boolean;
  /** Something is on that the others should not forget. */
  on?: boolean;
  /** Leaves. The word stands beside the icon where there is room. */
  leaves?: boolean;
  busy?: boolean;
};

/** A control of the call: 52 by 48. */
export function Control({
  icon: Drawing,
  label,
  keys,
  off,
  on,
  leaves,
  busy,
  className,
  ...rest
}: ControlProps): ReactElement {
  const button = (
    <button
      {...rest}
      type="button"
      aria-label={label}
      aria-busy={busy || undefined}
      className={cx(styles.control, off && styles.off, on && styles.on, leaves && styles.leaves, className)}
      onPointerUp={({ currentTarget, pointerType }) => {
        // Whoever uses the mouse holds the space bar to talk, and not to press the last button again.
        if (pointerType === "mouse") requestAnimationFrame(() => currentTarget.blur());
      }}
    >
      <Drawing size={24} />
      {leaves && <span className={styles.word}>{label}</span>}
    </button>
  );
  // Its word is there already.
  if (leaves) return button;
  return (
    <Tip label={label} keys={keys} side="top">
      {button}
    </Tip>
  );
}
