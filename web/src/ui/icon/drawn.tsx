import type { ReactElement } from "react";

export type IconProps = {
  /** Side in pixels; 20 when not told. */
  size?: number;
  /** What it says, when it stands alone and no word beside it does. */
  label?: string;
  className?: string | undefined;
};

export type Icon = (props: IconProps) => ReactElement;

/** Makes a component of an icon's path, drawn on a square of 256. */
export function drawn(path: string): Icon {
  // biome-ignore lint/correctness/noComponentHookFactories: called once an icon, when its module loads
  return function DrawnIcon({ size = 20, label, className }: IconProps): ReactElement {
    const said = label ? ({ role: "img", "aria-label": label } as const) : ({ "aria-hidden": true } as const);
    return (
      <svg
        {...said}
        className={className}
        width={size}
        height={size}
        viewBox="0 0 256 256"
        fill="currentColor"
        focusable="false"
        style={{ flex: "none" }}
      >
        <path d={path} />
      </svg>
    );
  };
}
