import { type KeyboardEvent, useEffect, useId, useState } from "react";

const PAGE = 6;

type Given = {
  /** How many options stand in the list. */
  count: number;
  /** What is typed: when it changes, the first option is the one that Enter takes; with nothing typed, none is. */
  query: string;
  opened: boolean;
  onOpen: (opened: boolean) => void;
  onChoose: (index: number) => void;
  /** The first option is the one that Enter takes even before anything is typed. */
  eager?: boolean;
};

type Combobox = {
  /** The option that Enter takes; -1 for none. */
  active: number;
  setActive: (index: number) => void;
  listId: string;
  optionId: (index: number) => string;
  /** To spread on the input. */
  input: {
    role: "combobox";
    "aria-autocomplete": "list";
    "aria-expanded": boolean;
    "aria-controls": string | undefined;
    "aria-activedescendant": string | undefined;
    autoComplete: "off";
    autoCapitalize: "none";
    spellCheck: false;
  };
  /** True when the key was one of the list's, and has been dealt with. */
  onKey: (event: KeyboardEvent) => boolean;
};

/**
 * A field with a list to choose from (ARIA's combobox): the focus stays in the field, arrows move in the list, Enter
 * takes, Esc closes the list and only then what is around it.
 */
export function useCombobox({ count, query, opened, onOpen, onChoose, eager = false }: Given): Combobox {
  const id = useId();
  const [moved, setMoved] = useState<number | null>(null);
  const [seen, setSeen] = useState(query);
  if (seen !== query) {
    setSeen(query);
    setMoved(null);
  }
  const wanted = moved ?? (query.trim() === "" && !eager ? -1 : 0);
  const active = opened ? Math.min(wanted, count - 1) : -1;
  const optionId = (index: number): string => `${id}-${index}`;
  const activeId = active >= 0 ? optionId(active) : undefined;

  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);

  const move = (by: number): void => {
    if (count === 0) return;
    // From none, down begins at the first and up at the last; past an end one comes out at the other.
    const from = active < 0 && by < 0 ? count : active;
    const to = from + by;
    setMoved(Math.abs(by) > 1 ? Math.min(count - 1, Math.max(0, to)) : (to + count) % count);
  };

  const onKey = (event: KeyboardEvent): boolean => {
    if (event.nativeEvent.isComposing) return false;
    const known = KEYS[event.key];
    if (known !== undefined && !event.ctrlKey && !event.metaKey) {
      if (event.altKey) onOpen(known > 0);
      else if (opened) move(known);
      else onOpen(true);
    } else if (event.key === "Enter" && active >= 0) {
      onChoose(active);
      setMoved(null);
    } else if (event.key === "Escape" && opened) {
      onOpen(false);
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  return {
    active,
    setActive: setMoved,
    listId: `${id}-list`,
    optionId,
    input: {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": opened,
      "aria-controls": opened ? `${id}-list` : undefined,
      "aria-activedescendant": activeId,
      autoComplete: "off",
      autoCapitalize: "none",
      spellCheck: false,
    },
    onKey,
  };
}

const KEYS: { readonly [key: string]: number | undefined } = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE,
  PageUp: -PAGE,
};
