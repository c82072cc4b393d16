import { type KeyboardEvent, type RefObject, useCallback, useLayoutEffect } from "react";
import { continueList, type Replacement, toggleMark } from "./marks";

/** Puts something in place of a part of a field, so that the browser can undo it, and selects what is to be selected. */
export function replace(
  field: HTMLTextAreaElement,
  { from, until, text, selectFrom, selectUntil }: Replacement,
): void {
  field.focus();
  field.setSelectionRange(from, until);
  // Old, and still the only way to write into a field that Ctrl Z can take back.
  const written = text
    ? document.execCommand("insertText", false, text)
    : from === until || document.execCommand("delete");
  if (!written) {
    field.setRangeText(text, from, until, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  field.setSelectionRange(selectFrom, selectUntil);
}

export function mark(field: HTMLTextAreaElement, sign: string): void {
  replace(field, toggleMark(selectedIn(field), sign));
}

/** Puts a sign before each line of what is selected: a list, a quote. */
export function beginLines(field: HTMLTextAreaElement, sign: string): void {
  const { value, from, until } = selectedIn(field);
  const start = value.lastIndexOf("\n", from - 1) + 1;
  const text = value
    .slice(start, until)
    .split("\n")
    .map((line) => sign + line)
    .join("\n");
  const end = start + text.length;
  replace(field, { from: start, until, text, selectFrom: end, selectUntil: end });
}

const selectedIn = (field: HTMLTextAreaElement): { value: string; from: number; until: number } => ({
  value: field.value,
  from: field.selectionStart,
  until: field.selectionEnd,
});

/** A field that is as high as what is written in it; its greatest height is the style's. */
export function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what changes the height
  useLayoutEffect(() => {
    const box = field.current;
    const around = box?.parentElement;
    if (!(box && around)) return;
    // While it is measured what is around it stays as it is: the list above would lose its place.
    around.style.height = `${around.offsetHeight}px`;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    around.style.height = "";
  }, [field, text]);
}

/** Whether Enter sends here: not on a phone's keyboard, which has no other way to begin a line. */
const byFinger = typeof matchMedia === "function" ? matchMedia("(pointer: coarse) and (hover: none)") : null;

/** The keys that writing a message and editing one have in common. Says whether the key was taken. */
export function useWritingKeys(send: () => void): (event: KeyboardEvent<HTMLTextAreaElement>) => boolean {
  return useCallback(
    (event) => {
      // Enter ends what an input method composes.
      if (event.nativeEvent.isComposing) return false;
      const field = event.currentTarget;
      const command = (event.ctrlKey || event.metaKey) && !event.altKey;
      if (event.key === "Enter" && !event.altKey) {
        if (event.shiftKey) {
          const next = continueList(selectedIn(field));
          if (next) replace(field, next);
          if (next) event.preventDefault();
          return next !== null;
        }
        if (!command && byFinger?.matches) return false;
        event.preventDefault();
        send();
        return true;
      }
      const key = event.key.toLowerCase();
      if (command && !event.shiftKey && (key === "b" || key === "i")) {
        event.preventDefault();
        mark(field, key === "b" ? "**" : "*");
        return true;
      }
      return false;
    },
    [send],
  );
}
