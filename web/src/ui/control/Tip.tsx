import { Tooltip } from "@mantine/core";
import type { ReactElement } from "react";
import { Kbd } from "./Kbd";
import styles from "./Tip.module.css";

/** What a control does, in a word, and its key: after a moment of hovering, at once on focus. */
export function Tip({
  label,
  keys,
  side = "bottom",
  long,
  children,
}: {
  label: string;
  keys?: readonly string[] | undefined;
  side?: "top" | "bottom" | "left" | "right";
  /** Sentences, over several lines. */
  long?: boolean;
  children: ReactElement;
}): ReactElement {
  return (
    <Tooltip
      label={
        <span className={styles.inside}>
          {label}
          {keys?.map((key) => (
            <Kbd key={key} name={key} dark />
          ))}
        </span>
      }
      position={side}
      openDelay={450}
      events={{ hover: true, focus: true, touch: long === true }}
      classNames={{ tooltip: styles.tip ?? "" }}
      {...(long && { multiline: true, w: 320, style: { whiteSpace: "normal" } })}
      transitionProps={{ duration: 0 }}
    >
      {children}
    </Tooltip>
  );
}
