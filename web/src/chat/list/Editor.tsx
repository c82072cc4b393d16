import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#/ui/control/Button";
import { LengthNote } from "../composer/LengthNote";
import { lengthOf, TEXT_MOST } from "../composer/length";
import { useGrowing, useWritingKeys } from "../composer/useTextBox";
import styles from "./Editor.module.css";

/** One's message as a field, in its place in the list. */
export function Editor({
  text,
  onSave,
  onCancel,
}: {
  text: string;
  /** With nothing left in it, the message goes. */
  onSave: (text: string) => void;
  onCancel: () => void;
}): ReactElement {
  const { t } = useTranslation("chat");
  const { t: ui } = useTranslation("ui");
  const [value, setValue] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  const fits = lengthOf(value) <= TEXT_MOST;
  const save = (): void => {
    if (!fits) return;
    if (value === text) onCancel();
    else onSave(value.trim() === "" ? "" : value);
  };
  const keys = useWritingKeys(save);
  useGrowing(field, value);
  useEffect(() => {
    const box = field.current;
    if (!box) return;
    box.focus({ preventScroll: true });
    box.setSelectionRange(box.value.length, box.value.length);
    box.scrollIntoView({ block: "nearest" });
  }, []);

  return (
    <div className={styles.editor}>
      <textarea
        ref={field}
        rows={1}
        className={styles.field}
        value={value}
        aria-label={t("edit.label")}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (keys(event)) return;
          if (event.key === "Escape" && !event.nativeEvent.isComposing) {
            event.preventDefault();
            onCancel();
          }
        }}
      />
      <div className={styles.foot}>
        <span className={styles.hint}>{fits ? t("edit.hint") : <LengthNote text={value} />}</span>
        <Button size="s" onClick={onCancel}>
          {ui("cancel")}
        </Button>
        <Button size="s" variant="primary" onClick={save} disabled={!fits}>
          {t("edit.save")}
        </Button>
      </div>
    </div>
  );
}
