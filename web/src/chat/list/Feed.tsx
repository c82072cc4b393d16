import {
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
  type RefObject,
  useRef,
  useState,
} from "react";
import type { OwnChannel } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useStore } from "#/core/store";
import { may, type SpaceRow } from "#/spaces/spaces";
import { DaySeparator, NewLine } from "#/ui/text/Marks";
import { type Doing, HeldMenu } from "./Actions";
import styles from "./MessageList.module.css";
import { MessageRow } from "./MessageRow";
import { leaving } from "./removal";
import type { Row } from "./rows";
import type { Shown } from "./shown";
import { useHeld } from "./useHeld";

type FeedProps = {
  space: SpaceRow;
  own: OwnChannel;
  me: string;
  entries: readonly Shown[];
  rows: readonly Row<Shown>[];
  label: string;
  /** The message of a link that led here. */
  wanted: number | null;
  editing: string | null;
  doing: Doing;
  toRow: (key: string, where: "nearest" | "top") => boolean;
  /** Something is about to grow at the reader's wish. */
  hold: () => void;
  /** Esc leads back to the field to write in. */
  onLeave: () => void;
};

/** The messages as a feed: the arrow keys go from one to the next, and each offers what may be done with it. */
export function Feed({
  space,
  own,
  rows,
  label,
  me,
  wanted,
  editing,
  doing,
  entries,
  toRow,
  hold,
  onLeave,
}: FeedProps): ReactElement {
  const format = useFormat();
  const feed = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const away = useStore(leaving, (all) => all);
  const held = useHeld((key) => entries.find((entry) => entry.key === key) ?? null);

  const current = entries.some(({ key }) => key === chosen) ? chosen : (entries.at(-1)?.key ?? null);
  const mayEdit = (shown: Shown): boolean =>
    shown.id !== null && shown.authorId === me && may(space.own, "chat:message:edit");
  const mayDelete = (shown: Shown): boolean =>
    shown.id !== null &&
    may(space.own, "chat:message:delete") &&
    (shown.authorId === me || space.own.role === "manager");
  const isGone = (shown: Shown): boolean => shown.deleted || (shown.id !== null && away.has(shown.id));

  const go = (to: number): void => {
    const next = entries[Math.max(0, Math.min(entries.length - 1, to))];
    if (!next) return;
    setChosen(next.key);
    toRow(next.key, "nearest");
    rowIn(feed, next.key)?.focus({ preventScroll: true });
  };

  const actOf = (key: string, at: number, shown: Shown): (() => void) | null => {
    switch (key) {
      case "ArrowUp":
        return () => go(at - 1);
      case "ArrowDown":
        return () => go(at + 1);
      case "Home":
        return () => go(0);
      case "End":
        return () => go(entries.length - 1);
      case "e":
      case "E":
        return mayEdit(shown) && !isGone(shown) ? () => doing.edit(shown) : null;
      case "Delete":
        return mayDelete(shown) && !isGone(shown) ? () => doing.remove(shown) : null;
      default:
        return null;
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.target.dataset["key"];
    if (event.key === "Escape" && (key !== undefined || event.target.closest("[data-key]"))) {
      event.preventDefault();
      event.stopPropagation();
      onLeave();
      return;
    }
    // Inside a message (a button, a link) the keys are that thing's own.
    const at = entries.findIndex((entry) => entry.key === key);
    const shown = entries[at];
    if (key === undefined || !shown) return;
    const act = actOf(event.key, at, shown);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const onFocus = (event: FocusEvent): void => {
    const key = keyAt(event.target);
    if (key === null) return;
    setChosen(key);
    // A click puts the focus there as well; the pointer says already what it is on.
    if (event.target.matches(":focus-visible")) setFocused(key);
  };

  const onBlur = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)))
      setFocused(null);
  };

  const hover = (event: PointerEvent): void => {
    if (event.pointerType !== "mouse") return;
    setHovered(keyAt(event.target));
  };

  return (
    <>
      <div
        ref={feed}
        role="feed"
        aria-label={label}
        className={styles.feed}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        onFocusCapture={(event) => {
          if (event.target.closest("[data-folded]")) hold();
        }}
        onBlur={onBlur}
        onClickCapture={(event) => {
          if (event.target instanceof Element && event.target.closest("[data-unfolds]")) hold();
        }}
        onPointerOver={hover}
        onPointerLeave={() => setHovered(null)}
        {...held.handlers}
      >
        {rows.map((row) => {
          if (row.type === "day") {
            return (
              <div key={row.key} className={styles.day}>
                <DaySeparator>{format.day(row.at)}</DaySeparator>
              </div>
            );
          }
          if (row.type === "new") {
            return (
              <div key={row.key} className={styles.new} data-key="new">
                <NewLine />
              </div>
            );
          }
          const { message: shown, head, tail } = row;
          return (
            <MessageRow
              key={row.key}
              shown={shown}
              head={head}
              tail={tail}
              last={own.channel.last_ordinal}
              current={shown.key === current}
              open={shown.key === hovered || shown.key === focused}
              editing={shown.key === editing}
              wanted={wanted !== null && shown.ordinal === wanted}
              leaving={shown.id !== null && away.has(shown.id)}
              mayEdit={mayEdit(shown)}
              mayDelete={mayDelete(shown)}
              mayOpen={may(space.own, "files:file:read")}
              organisationId={space.own.space.organisation_id}
              doing={doing}
            />
          );
        })}
      </div>
      {held.shown && !isGone(held.shown) && (
        <HeldMenu
          shown={held.shown}
          mayEdit={mayEdit(held.shown)}
          mayDelete={mayDelete(held.shown)}
          doing={doing}
          at={held.at}
          onClose={held.close}
        />
      )}
    </>
  );
}

const keyAt = (target: EventTarget): string | null =>
  (target instanceof Element && target.closest<HTMLElement>("article[data-key]")?.dataset["key"]) || null;

function rowIn(feed: RefObject<HTMLElement | null>, key: string): HTMLElement | null {
  return feed.current?.querySelector<HTMLElement>(`article[data-key="${CSS.escape(key)}"]`) ?? null;
}
