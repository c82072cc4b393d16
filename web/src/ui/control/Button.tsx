import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef, ReactElement, ReactNode } from "react";
import { cx } from "../cx";
import type { Icon } from "../icon";
import styles from "./Button.module.css";

type Looks = {
  /** `primary` once a page at most; `danger` for leaving and destroying, nothing else. */
  variant?: "primary" | "quiet" | "plain" | "danger";
  /** Heights 32, 36 and 44. On a phone all are 44. */
  size?: "s" | "m" | "l";
  icon?: Icon | undefined;
  /** As wide as what holds it. */
  wide?: boolean;
};

function className({ variant = "quiet", size = "m", wide }: Looks, more?: string): string {
  return cx(styles.button, styles[variant], styles[`size-${size}`], wide && styles.wide, more);
}

function Inside({
  icon: Drawing,
  children,
}: {
  icon?: Icon | undefined;
  children?: ReactNode;
}): ReactElement {
  return (
    <>
      {Drawing && <Drawing size={18} />}
      <span className={styles.words}>{children}</span>
    </>
  );
}

type ButtonProps = Looks & ComponentPropsWithRef<"button"> & { busy?: boolean };

/** A button with words. While `busy` it stays where it is, says so, and does nothing. */
export function Button({
  variant,
  size,
  icon,
  wide,
  busy,
  className: more,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps): ReactElement {
  return (
    <button
      {...rest}
      type={type}
      className={className(
        { ...(variant && { variant }), ...(size && { size }), ...(wide && { wide }) },
        more,
      )}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest["aria-disabled"]}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      <Inside icon={icon}>{children}</Inside>
    </button>
  );
}

type AnchorProps = Looks & ComponentPropsWithRef<"a">;

/** A link to an address outside the window (a file to download, say) that looks like a button. */
export function ButtonAnchor({
  variant,
  size,
  icon,
  wide,
  className: more,
  children,
  ...rest
}: AnchorProps): ReactElement {
  return (
    <a
      {...rest}
      className={className(
        { ...(variant && { variant }), ...(size && { size }), ...(wide && { wide }) },
        more,
      )}
    >
      <Inside icon={icon}>{children}</Inside>
    </a>
  );
}

/** A link to a page of the window that looks like a button. */
export const ButtonLink = createLink(ButtonAnchor);
