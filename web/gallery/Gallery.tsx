import type { ReactElement, ReactNode } from "react";
import { cx } from "#/ui/cx";
import { Controls } from "./Controls";
import styles from "./Gallery.module.css";
import { Identity } from "./Identity";
import { Layers } from "./Layers";
import { Marks } from "./Marks";
import { States } from "./States";

const PARTS: Record<string, () => ReactElement> = {
  identity: Identity,
  controls: Controls,
  layers: Layers,
  states: States,
  marks: Marks,
};

export function Gallery({ part }: { part: string }): ReactElement {
  const Part = PARTS[part] ?? Identity;
  return (
    <main className={styles.page}>
      <h1 style={{ padding: "24px 24px 0", fontSize: "var(--text-xl)", fontWeight: 650 }}>{part}</h1>
      <div className={styles.grid}>
        <Part />
      </div>
    </main>
  );
}

export function Piece({
  name,
  wide,
  children,
}: {
  name: string;
  wide?: boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <section className={cx(styles.piece, wide && styles.wide)}>
      <h2>{name}</h2>
      {children}
    </section>
  );
}

export function Row({ children }: { children: ReactNode }): ReactElement {
  return <div className={styles.row}>{children}</div>;
}
