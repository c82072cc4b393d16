import {
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../cx";
import { IconX } from "../icon";
import { type Around, around, Frame } from "./Field";
import styles from "./TokenField.module.css";
import { useCombobox } from "./useCombobox";

type Token<Item> = {
  readonly item: Item;
  readonly id: string;
  readonly name: string;
  readonly picture?: ReactNode;
};

type Option<Item> = Token<Item> & {
  readonly row: ReactNode;
  /** Why it cannot be chosen; it then stands there to say so. */
  readonly refused?: string | undefined;
};

type TokenFieldProps<Item> = Around & {
  chosen: readonly Token<Item>[];
  onChosen: (items: readonly Item[]) => void;
  query: string;
  onQuery: (query: string) => void;
  options: readonly Option<Item>[];
  /** Said in the list when there is nothing in it; null while that is not known. */
  empty: string | null;
  placeholder?: string;
  /** The list stands under the field all the time, instead of over the page once one types, clicks or goes down. */
  inline?: boolean;
  /** No more can be chosen; the list then gives way to this. */
  full?: string | null;
  /** Enter with nothing to choose: what one came for. */
  onEnter?: () => void;
  /** Beside the field: the button that sends it. */
  trailing?: ReactNode;
  /** Between the field and a list that is always there: what went wrong. */
  notice?: ReactNode;
  ref?: RefObject<HTMLInputElement | null>;
};

/** Under this, the list opens upwards if there is more room above. */
const ROOM = 260;

/** Several of many, found by typing: those chosen as tokens in the field, the rest in a list. Backspace takes the last one out. */
export function TokenField<Item>({
  chosen,
  onChosen,
  query,
  onQuery,
  options,
  empty,
  placeholder,
  inline = false,
  full,
  onEnter,
  trailing,
  notice,
  ref,
  ...frame
}: TokenFieldProps<Item>): ReactElement {
  const { t } = useTranslation("ui");
  const own = useRef<HTMLInputElement>(null);
  const input = ref ?? own;
  const box = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState(false);
  const [said, setSaid] = useState("");
  const opened = !full && (inline || wanted) && (options.length > 0 || empty !== null);
  const up = useUp(box, opened && !inline);

  const add = (index: number): void => {
    const option = options[index];
    if (!option || option.refused) return;
    onChosen([...chosen.map(({ item }) => item), option.item]);
    onQuery("");
    setSaid(t("token.added", { name: option.name }));
    setWanted(false);
    input.current?.focus();
  };
  const remove = (id: string): void => {
    const gone = chosen.find((token) => token.id === id);
    if (!gone) return;
    onChosen(chosen.filter((token) => token.id !== id).map(({ item }) => item));
    setSaid(t("token.removed", { name: gone.name }));
    input.current?.focus();
  };
  const combobox = useCombobox({
    count: options.length,
    query,
    opened: opened && options.length > 0,
    onOpen: setWanted,
    onChoose: add,
  });

  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    // A list that is always there is not closed: Esc empties the field, and then is for what is around it.
    if (inline && event.key === "Escape") {
      if (query === "") return;
      event.preventDefault();
      event.stopPropagation();
      onQuery("");
      return;
    }
    if (combobox.onKey(event)) return;
    const last = chosen.at(-1);
    if (event.key === "Backspace" && query === "" && last) {
      event.preventDefault();
      remove(last.id);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing && query.trim() === "" && onEnter) {
      event.preventDefault();
      onEnter();
    } else if (event.key === "Enter") {
      // Something is typed that names nobody: sending the form now would drop it.
      event.preventDefault();
    }
  };

  return (
    <Frame {...around(frameOf(frame))}>
      {(ids) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the focus has left all of it
        <div
          ref={box}
          className={styles.whole}
          onBlur={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget)) setWanted(false);
          }}
        >
          <div className={styles.top}>
            {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the words goes to the field in it */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field itself is reached by keyboard */}
            <div
              className={styles.box}
              onClick={(event) => {
                if (event.target === event.currentTarget) input.current?.focus();
              }}
            >
              {chosen.map((token) => (
                <span key={token.id} className={styles.token}>
                  {token.picture}
                  <span className={styles.name} title={token.name}>
                    {token.name}
                  </span>
                  <button
                    type="button"
                    className={styles.remove}
                    aria-label={t("token.remove", { name: token.name })}
                    onClick={() => remove(token.id)}
                  >
                    <IconX size={14} />
                  </button>
                </span>
              ))}
              <input
                {...ids}
                {...combobox.input}
                ref={input}
                className={styles.input}
                value={query}
                readOnly={Boolean(full)}
                placeholder={full ? undefined : placeholder}
                onChange={(event) => {
                  onQuery(event.target.value);
                  setWanted(true);
                }}
                onClick={() => setWanted(true)}
                onFocus={() => setWanted(true)}
                // Before any panel around it, which Esc would close.
                onKeyDownCapture={onKey}
              />
            </div>
            {trailing}
          </div>
          {full && <p className={styles.full}>{full}</p>}
          {notice}
          {opened && (
            <div className={cx(inline ? styles.inline : styles.floating, up && styles.up)}>
              {options.length === 0 ? (
                <p className={styles.empty}>{empty}</p>
              ) : (
                <div id={combobox.listId} role="listbox" aria-label={frame.label}>
                  {options.map((option, index) => (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the focus stays in the field, which has the keys
                    <div
                      key={option.id}
                      id={combobox.optionId(index)}
                      className={styles.option}
                      role="option"
                      tabIndex={-1}
                      aria-selected={index === combobox.active}
                      aria-disabled={option.refused ? true : undefined}
                      data-active={index === combobox.active || undefined}
                      onPointerMove={() => {
                        if (index !== combobox.active) combobox.setActive(index);
                      }}
                      // The field keeps the focus.
                      onMouseDown={(event) => event.preventDefault()}
                      onClick={() => add(index)}
                    >
                      {option.picture}
                      <span className={styles.row}>{option.row}</span>
                      {option.refused && <span className={styles.refused}>{option.refused}</span>}
                    </div>
                  ))}
                </div>
              )}
            </div>
          )}
          <span className={styles.said} role="status">
            {opened && query !== "" ? (options.length === 0 ? empty : "") : said}
          </span>
        </div>
      )}
    </Frame>
  );
}

type Loose = { [Key in keyof Around]: Around[Key] | undefined };

const frameOf = ({ label, labelHidden, hint, error, optional, aside }: Around): Loose => ({
  label,
  labelHidden,
  hint,
  error,
  optional,
  aside,
});

/** Whether the list has more room above the field than below it. */
function useUp(box: RefObject<HTMLElement | null>, opened: boolean): boolean {
  const [up, setUp] = useState(false);
  const look = useCallback(() => {
    const rect = box.current?.getBoundingClientRect();
    if (rect) setUp(innerHeight - rect.bottom < ROOM && rect.top > innerHeight - rect.bottom);
  }, [box]);
  useLayoutEffect(() => {
    if (opened) look();
  }, [opened, look]);
  useEffect(() => {
    if (!opened) return;
    addEventListener("resize", look);
    return () => removeEventListener("resize", look);
  }, [opened, look]);
  return up;
}
