import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef, ReactElement, ReactNode } from "react";
import type { Icon } from "../icon";
import styles from "./Tabs.module.css";

/** The tools of a space, as tabs that are pages: links in a navigation, each with its own address. */
export function TabBar({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return (
    <nav aria-label={label} className={styles.bar}>
      <ul className={styles.list}>{children}</ul>
    </nav>
  );
}

type TabProps = ComponentPropsWithRef<"a"> & { icon?: Icon; count?: number };

function TabAnchor({ icon: Drawing, count, children, ...rest }: TabProps): ReactElement {
  return (
    <li>
      <a {...rest} className={styles.tab}>
        {Drawing && <Drawing size={18} />}
        <span>{children}</span>
        {count !== undefined && <span className={styles.count}>{count}</span>}
      </a>
    </li>
  );
}

/** One tab; the router marks the one whose page is open (`aria-current`). */
export const TabLink = createLink(TabAnchor);
