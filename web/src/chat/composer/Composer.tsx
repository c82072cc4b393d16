import { type ReactElement, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#/ui/control/IconButton";
import {
  IconCode,
  IconListBullets,
  IconPaperPlaneRight,
  IconPlus,
  IconQuotes,
  IconTextAa,
  IconTextB,
  IconTextItalic,
  IconTextStrikethrough,
} from "#/ui/icon";
import { Menu, MenuItem } from "#/ui/layer/Menu";
import { useDraft } from "../useDraft";
import { sayTyping, stopTyping } from "../useTyping";
import type { Attaching } from "./attaching";
import styles from "./Composer.module.css";
import { Foot } from "./Foot";
import { LengthNote } from "./LengthNote";
import { lengthOf, TEXT_MOST } from "./length";
import { UploadChip } from "./UploadChip";
import { beginLines, mark, useGrowing, useWritingKeys } from "./useTextBox";

/** What others may do with the field to write in. */
export type ComposerHandle = { focus: () => void };

type ComposerProps = {
  channelId: string;
  placeholder: string;
  /** Who can read what is written here. */
  readers: string;
  /** What is to be known besides of who can read. */
  sealing?: ReactNode;
  /** Files that will hang on the message; null where none may be attached. */
  attaching: Attaching | null;
  onSend: (text: string) => void;
  /** The arrow up in an empty field: one's last message is to be edited. */
  onEditLast: () => void;
  ref: Ref<ComposerHandle>;
};

/** On a phone the keyboard would cover the messages one has come to read. */
const opensByItself = matchMedia("(hover: hover) and (pointer: fine)");

/** The field to write in, with what hangs on the message; who writes and who can read at its foot. */
export function Composer({
  channelId,
  placeholder,
  readers,
  sealing,
  attaching,
  onSend,
  onEditLast,
  ref,
}: ComposerProps): ReactElement {
  const { t } = useTranslation("chat");
  const [text, write] = useDraft(channelId);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const carries = attaching !== null && attaching.uploads.length > 0;
  const fits = lengthOf(text) <= TEXT_MOST;
  const ready = fits && (text.trim() !== "" || carries);

  const send = (): void => {
    if (!ready) return;
    onSend(text.trim() === "" ? "" : text.replace(/^\s*\n|\s+$/gu, ""));
    write("");
    field.current?.focus();
  };
  const keys = useWritingKeys(send);
  useGrowing(field, text);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }), []);
  useEffect(() => {
    if (opensByItself.matches) field.current?.focus({ preventScroll: true });
  }, []);

  useToastsAbove();

  return (
    <div className={styles.composer}>
      <div className={styles.box}>
        {carries && (
          <ul className={styles.uploads} aria-label={t("compose.attachments")}>
            {attaching.uploads.map((upload) => (
              <li key={upload.id}>
                <UploadChip upload={upload} onRetry={attaching.retry} onRemove={attaching.remove} />
              </li>
            ))}
          </ul>
        )}
        <div className={styles.line}>
          {attaching && (
            <>
              <IconButton
                icon={IconPlus}
                label={t("compose.attach")}
                side="top"
                onClick={() => picker.current?.click()}
              />
              <input
                ref={picker}
                type="file"
                multiple
                hidden
                onChange={(event) => {
                  attaching.attach([...(event.target.files ?? [])]);
                  event.target.value = "";
                  field.current?.focus();
                }}
              />
            </>
          )}
          <textarea
            ref={field}
            rows={1}
            className={styles.field}
            value={text}
            placeholder={placeholder}
            aria-label={placeholder}
            enterKeyHint="enter"
            onChange={({ target: { value } }) => {
              write(value);
              if (value.trim()) sayTyping(channelId);
              else stopTyping(channelId);
            }}
            onKeyDown={(event) => {
              if (keys(event)) return;
              const plain = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);
              if (event.key === "ArrowUp" && plain && text === "") {
                event.preventDefault();
                onEditLast();
              }
            }}
            onPaste={(event) => {
              const files = [...event.clipboardData.files];
              // Text copied from an office suite comes with a picture of itself: the text is what is meant.
              if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
              event.preventDefault();
              attaching?.attach(files);
            }}
          />
          <FormatMenu field={field} />
          <IconButton
            icon={IconPaperPlaneRight}
            label={t("compose.send")}
            keys={["enter"]}
            side="top"
            className={styles.send ?? ""}
            aria-disabled={!ready || undefined}
            data-ready={ready || undefined}
            onClick={send}
          />
        </div>
      </div>
      <Foot channelId={channelId} readers={readers} sealing={sealing} note={<LengthNote text={text} />} />
    </div>
  );
}

/** Toasts stand above the field, so that one can go on writing. */
function useToastsAbove(): void {
  useEffect(() => {
    const { style } = document.documentElement;
    style.setProperty("--toasts-bottom", "96px");
    return () => {
      style.removeProperty("--toasts-bottom");
    };
  }, []);
}

function FormatMenu({ field }: { field: { readonly current: HTMLTextAreaElement | null } }): ReactElement {
  const { t } = useTranslation("chat");
  // The menu gives the focus back to its button when it closes; the field takes it a moment later.
  const act = (run: (box: HTMLTextAreaElement) => void) => (): void => {
    setTimeout(() => {
      if (field.current) run(field.current);
    }, 0);
  };
  return (
    <Menu
      side="top-end"
      label={t("compose.format")}
      trigger={
        <IconButton
          icon={IconTextAa}
          label={t("compose.format")}
          side="top"
          className={styles.format ?? ""}
        />
      }
    >
      <MenuItem icon={IconTextB} keys={["ctrl", "B"]} onSelect={act((box) => mark(box, "**"))}>
        {t("format.bold")}
      </MenuItem>
      <MenuItem icon={IconTextItalic} keys={["ctrl", "I"]} onSelect={act((box) => mark(box, "*"))}>
        {t("format.italic")}
      </MenuItem>
      <MenuItem icon={IconTextStrikethrough} onSelect={act((box) => mark(box, "~~"))}>
        {t("format.strike")}
      </MenuItem>
      <MenuItem icon={IconCode} onSelect={act((box) => mark(box, "`"))}>
        {t("format.code")}
      </MenuItem>
      <MenuItem icon={IconListBullets} onSelect={act((box) => beginLines(box, "- "))}>
        {t("format.list")}
      </MenuItem>
      <MenuItem icon={IconQuotes} onSelect={act((box) => beginLines(box, "> "))}>
        {t("format.quote")}
      </MenuItem>
    </Menu>
  );
}

/** In the place of the field, for who may read here and not write. */
export function ComposerClosed({ text }: { text: string }): ReactElement {
  return (
    <div className={styles.composer}>
      <p className={styles.closed}>{text}</p>
    </div>
  );
}
