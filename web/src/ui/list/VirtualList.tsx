import { useVirtualizer } from "@tanstack/react-virtual";
import { type Key, type ReactElement, type ReactNode, useRef } from "react";
import { cx } from "../cx";
import styles from "./VirtualList.module.css";

type VirtualListProps<Item> = {
  items: readonly Item[];
  /** Height of a row in pixels; measured once shown, so an estimate will do. */
  rowHeight: number;
  keyOf: (item: Item) => Key;
  row: (item: Item, index: number) => ReactNode;
  label: string;
  className?: string;
  /** Called when the end comes near: the moment to ask for the next page. */
  onNearEnd?: () => void;
};

const BEYOND = 8;

/** A long list of which only what is seen is drawn: four thousand members scroll like forty. */
export function VirtualList<Item>({
  items,
  rowHeight,
  keyOf,
  row,
  label,
  className,
  onNearEnd,
}: VirtualListProps<Item>): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: BEYOND,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1);
      if (onNearEnd && last && last.index >= items.length - BEYOND) onNearEnd();
    },
  });
  return (
    <div
      ref={scroller}
      className={cx(styles.scroller, className)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <ul className={styles.inside} style={{ height: virtual.getTotalSize() }} aria-label={label}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              className={styles.row}
              style={{ transform: `translateY(${start}px)` }}
            >
              {row(item, index)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
