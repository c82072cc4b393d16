import { type CSSProperties, type ReactElement, type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Skeleton.module.css";

const AFTER_MS = 150;

/** True once `active` has lasted for a moment: what comes quickly needs no sign that it is coming. */
export function useLate(active: boolean, after = AFTER_MS): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!active) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), after);
    return () => clearTimeout(timer);
  }, [active, after]);
  return active && late;
}

/** Holds bones: nothing for 150 ms, then the shape of what is coming, said once to readers. */
export function Skeleton({ children }: { children: ReactNode }): ReactElement {
  const { t } = useTranslation("ui");
  const late = useLate(true);
  return (
    <div className={styles.skeleton} data-late={late || undefined} aria-busy="true">
      {late && (
        <span className={styles.said} role="status">
          {t("loading")}
        </span>
      )}
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

/** A bone: a line of text by default. */
export function Bone({
  width = "100%",
  height = 10,
  round,
}: {
  width?: number | string;
  height?: number;
  round?: boolean;
}): ReactElement {
  const wide = typeof width === "number" ? `${width}px` : width;
  return (
    <span
      className={styles.bone}
      style={
        { "--width": wide, "--height": `${height}px`, "--round": round ? "50%" : "5px" } as CSSProperties
      }
    />
  );
}

/** Widths that look like sentences, always the same. */
const WIDTHS = [62, 84, 47, 73, 55, 91, 40, 68, 78, 52];
const upTo = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => WIDTHS[index % WIDTHS.length] ?? 60);

/** The shape of a list: a small picture and a name on each row. */
export function RowBones({
  count = 8,
  height = 32,
  picture = 20,
}: {
  count?: number;
  height?: number;
  picture?: number;
}): ReactElement {
  return (
    <Skeleton>
      {upTo(count).map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
        <div key={index} className={styles.row} style={{ height }}>
          <Bone width={picture} height={picture} round={picture > 24} />
          <Bone width={`${width}%`} />
        </div>
      ))}
    </Skeleton>
  );
}

/** The shape of messages: a face, a name, a line or two. */
export function MessageBones({ count = 7 }: { count?: number }): ReactElement {
  return (
    <Skeleton>
      {upTo(count).map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
        <div key={index} className={styles.message}>
          <Bone width={32} height={32} round />
          <div className={styles.lines}>
            <Bone width={90 + width} />
            <Bone width={`${width}%`} />
            {index % 3 === 0 && <Bone width={`${Math.round(width / 2)}%`} />}
          </div>
        </div>
      ))}
    </Skeleton>
  );
}
