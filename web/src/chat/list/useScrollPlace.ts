import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from "react";

/** Where one is in the list: at its end, and then one stays there, or at a message, which then stays where it is. */
type Place = { readonly end: true } | { readonly end: false; readonly key: string; readonly top: number };

/** This near to the end is at the end. */
const AT_END = 24;
/** How far down the window the line of new messages stands when one comes in. */
const FROM_TOP = 72;

/** What of the list is on screen. */
export type Seen = {
  readonly atEnd: boolean;
  /** How much lies above and below, in pixels. */
  readonly above: number;
  readonly below: number;
  /** The last message of which enough is on screen to have been read; null when there is none. */
  readonly lastOrdinal: number | null;
};

export type ScrollPlace = {
  readonly onScroll: () => void;
  /** Something on screen is about to grow at the reader's wish: its beginning stays, even at the end. */
  readonly hold: () => void;
  /** Brings a row into view; false when it is not here. */
  readonly toRow: (key: string, where: "nearest" | "top") => boolean;
};

/**
 * Keeps the reader's place while messages come, go and grow on all sides: at the end one stays at the end, elsewhere
 * the first message on screen stays where it is. The browser's own anchoring is off, as not every browser has it.
 *
 * `version` changes with what is shown; `start` says where to begin when `list` (the channel, a jump) changes: at a
 * row, at the end (null), or not yet (undefined): what one jumps to has not come.
 */
export function useScrollPlace(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  list: string,
  start: string | null | undefined,
  version: unknown,
  onMoved: (seen: Seen) => void,
): ScrollPlace {
  const place = useRef<Place>({ end: true });
  const begun = useRef<string | null>(null);
  const measured = useRef({ height: 0, room: 0 });
  const blank = useRef(0);
  const moved = useRef(onMoved);
  moved.current = onMoved;

  const look = useCallback((): void => {
    const box = scroller.current;
    if (!(box && content.current)) return;
    const below = box.scrollHeight - box.clientHeight - box.scrollTop;
    const rows = rowsOf(content.current);
    const atEnd = below <= AT_END;
    const first = rows[firstBelow(rows, box.scrollTop)];
    place.current =
      atEnd || !first
        ? { end: true }
        : { end: false, key: first.dataset["key"] ?? "", top: first.offsetTop - box.scrollTop };
    moved.current({ atEnd, above: box.scrollTop, below, lastOrdinal: lastSeen(rows, box) });
  }, [scroller, content]);

  /** Has this much room stand above what is shown, where a few messages would else be moved up by what grows below. */
  const leaveBlank = useCallback(
    (pixels: number): void => {
      blank.current = pixels;
      if (content.current) content.current.style.paddingTop = pixels > 0 ? `${pixels}px` : "";
    },
    [content],
  );

  const settle = useCallback((): void => {
    const box = scroller.current;
    if (!(box && content.current)) return;
    measured.current = { height: box.scrollHeight, room: box.clientHeight };
    const kept = place.current;
    let top = box.scrollHeight - box.clientHeight;
    if (!kept.end) {
      const row = rowOf(content.current, kept.key);
      // The row has gone with others far away: what is there now is as good a place as any.
      top = row ? row.offsetTop - kept.top : box.scrollTop;
    }
    // Writing the same place would stop a finger's swing.
    if (Math.abs(box.scrollTop - top) >= 1) box.scrollTop = top;
  }, [scroller, content]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown has changed
  useLayoutEffect(() => {
    if (begun.current !== list) {
      if (start === undefined) return;
      begun.current = list;
      leaveBlank(0);
      const row = start !== null && content.current ? rowOf(content.current, start) : null;
      place.current = row ? { end: false, key: start ?? "", top: FROM_TOP } : { end: true };
    }
    settle();
    look();
  }, [list, start, version, settle, look, leaveBlank, content]);

  useEffect(() => {
    const observer = new ResizeObserver(() => {
      settle();
      look();
    });
    if (scroller.current) observer.observe(scroller.current);
    if (content.current) observer.observe(content.current);
    return () => observer.disconnect();
  }, [scroller, content, settle, look]);

  const hold = useCallback((): void => {
    const box = scroller.current;
    const rows = content.current ? rowsOf(content.current) : [];
    const first = box && rows[firstBelow(rows, box.scrollTop)];
    if (!first) return;
    place.current = { end: false, key: first.dataset["key"] ?? "", top: first.offsetTop - box.scrollTop };
    // The few messages of a young channel stand at the foot of the window: without this they would go up.
    const beginning = content.current?.firstElementChild;
    if (beginning instanceof HTMLElement) leaveBlank(beginning.offsetTop);
  }, [scroller, content, leaveBlank]);

  const toRow = useCallback(
    (key: string, where: "nearest" | "top"): boolean => {
      const [box, row] = [scroller.current, content.current && rowOf(content.current, key)];
      if (!(box && row)) return false;
      if (where === "top") box.scrollTop = row.offsetTop - FROM_TOP;
      else row.scrollIntoView({ block: "nearest" });
      look();
      return true;
    },
    [scroller, content, look],
  );

  const onScroll = useCallback((): void => {
    const box = scroller.current;
    const { height, room } = measured.current;
    // What was said or shown has just changed the measures: it is that which moved, not the reader.
    if (box && (box.scrollHeight !== height || box.clientHeight !== room)) settle();
    look();
    // Out of sight, the room that was left above is needed no more.
    if (box && blank.current > 0 && box.scrollTop >= blank.current) {
      leaveBlank(0);
      settle();
    }
  }, [scroller, settle, look, leaveBlank]);

  return { onScroll, hold, toRow };
}

function rowsOf(content: HTMLElement): HTMLElement[] {
  return [...content.querySelectorAll<HTMLElement>("[data-key]")];
}

function rowOf(content: HTMLElement, key: string): HTMLElement | null {
  return content.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
}

/** The first row whose end lies below a line; the rows are in order, so half of them are skipped at each look. */
function firstBelow(rows: readonly HTMLElement[], line: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && row.offsetTop + row.offsetHeight > line) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A long message counts as seen with its first lines: one may never see both its ends at once. */
const ENOUGH = 66;

function lastSeen(rows: readonly HTMLElement[], box: HTMLElement): number | null {
  const bottom = box.scrollTop + box.clientHeight;
  let at = firstBelow(rows, bottom);
  if (at >= rows.length) at = rows.length - 1;
  for (; at >= 0; at -= 1) {
    const row = rows[at];
    const ordinal = row?.dataset["ordinal"];
    if (!row || ordinal === undefined) continue;
    if (row.offsetTop + Math.min(row.offsetHeight, ENOUGH) <= bottom + 1) return Number(ordinal);
  }
  return null;
}
