import {
  type ComponentPropsWithRef,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useId,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../cx";
import {
  type Icon,
  IconCaretDown,
  IconEye,
  IconEyeSlash,
  IconMagnifyingGlass,
  IconWarningCircle,
  IconX,
} from "../icon";
import styles from "./Field.module.css";
import { Kbd } from "./Kbd";

export type Around = {
  label: string;
  /** Hides the label from the eye where the place already says it. */
  labelHidden?: boolean;
  hint?: ReactNode;
  /** What is wrong, shown when the field has been left. */
  error?: string | null | undefined;
  optional?: boolean;
  /** At the right end of the label's line: a link, a count. */
  aside?: ReactNode;
};

type Ids = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };

/** What stands around every field: its label above; what is wrong and what helps under it. */
export function Frame({
  label,
  labelHidden,
  hint,
  error,
  optional,
  aside,
  className,
  children,
}: Around & { className?: string | undefined; children: (ids: Ids) => ReactNode }): ReactElement {
  const { t } = useTranslation("ui");
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className={cx(styles.frame, className)}>
      <div className={cx(styles.top, labelHidden && styles.hidden)}>
        <label htmlFor={id} className={styles.label}>
          {label}
          {optional && <span className={styles.optional}>{t("optional")}</span>}
        </label>
        {aside && <span className={styles.aside}>{aside}</span>}
      </div>
      {children({
        id,
        ...(described && { "aria-describedby": described }),
        ...(error && { "aria-invalid": true as const }),
      })}
      {error && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          <IconWarningCircle size={16} />
          <span>{error}</span>
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

type Shape = { tall?: boolean | undefined; icon?: Icon | undefined };

type TextFieldProps = Around &
  Shape &
  Omit<ComponentPropsWithRef<"input">, "id" | "size"> & {
    /** Inside the field, at its end. */
    trailing?: ReactNode;
  };

/** One line to write in, with its label above: 40 pixels high, 44 when `tall` and on a phone. */
export function TextField({
  label,
  labelHidden,
  hint,
  error,
  optional,
  aside,
  tall,
  icon: Drawing,
  trailing,
  className,
  ...rest
}: TextFieldProps): ReactElement {
  return (
    <Frame {...around({ label, labelHidden, hint, error, optional, aside })} className={className}>
      {(ids) => (
        <div className={cx(styles.box, tall && styles.tall)}>
          {Drawing && <Drawing size={18} className={styles.leading} />}
          <input {...rest} {...ids} className={styles.input} />
          {trailing}
        </div>
      )}
    </Frame>
  );
}

/** A password, which one may look at while typing. */
export function PasswordField(props: Omit<TextFieldProps, "type" | "trailing">): ReactElement {
  const { t } = useTranslation("ui");
  const [shown, setShown] = useState(false);
  const Drawing = shown ? IconEyeSlash : IconEye;
  return (
    <TextField
      {...props}
      type={shown ? "text" : "password"}
      autoCapitalize="none"
      spellCheck={false}
      trailing={
        <button
          type="button"
          className={styles.inside}
          aria-label={t(shown ? "hidePassword" : "showPassword")}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Drawing size={20} />
        </button>
      }
    />
  );
}

type TextAreaProps = Around & Omit<ComponentPropsWithRef<"textarea">, "id">;

/** Several lines to write in; grows with what is written. */
export function TextArea({
  label,
  labelHidden,
  hint,
  error,
  optional,
  aside,
  className,
  ...rest
}: TextAreaProps): ReactElement {
  return (
    <Frame {...around({ label, labelHidden, hint, error, optional, aside })} className={className}>
      {(ids) => (
        <div className={styles.box}>
          <textarea rows={3} {...rest} {...ids} className={cx(styles.input, styles.area)} />
        </div>
      )}
    </Frame>
  );
}

type SelectProps = Around &
  Omit<ComponentPropsWithRef<"select">, "id" | "children"> & {
    options: readonly { readonly value: string; readonly label: string; readonly disabled?: boolean }[];
  };

/** One of a few known values; the system's own list, so that it works everywhere. */
export function Select({
  label,
  labelHidden,
  hint,
  error,
  optional,
  aside,
  options,
  className,
  ...rest
}: SelectProps): ReactElement {
  return (
    <Frame {...around({ label, labelHidden, hint, error, optional, aside })} className={className}>
      {(ids) => (
        <div className={styles.box}>
          <select {...rest} {...ids} className={cx(styles.input, styles.select)}>
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabled}>
                {option.label}
              </option>
            ))}
          </select>
          <IconCaretDown size={16} className={styles.caret} />
        </div>
      )}
    </Frame>
  );
}

type SearchFieldProps = Omit<ComponentPropsWithRef<"input">, "size" | "value" | "onChange" | "type"> & {
  /** What one looks for here; it is the field's name and, unless told otherwise, its placeholder. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** The keys that bring one here, shown while it is empty. */
  keys?: readonly string[];
  ref?: RefObject<HTMLInputElement | null>;
};

/** A field to look for something: 32 pixels, 44 on a phone. Esc empties it first, and only then leaves. */
export function SearchField({
  label,
  value,
  onChange,
  keys,
  ref,
  className,
  placeholder,
  onKeyDown,
  ...rest
}: SearchFieldProps): ReactElement {
  const { t } = useTranslation("ui");
  const own = useRef<HTMLInputElement>(null);
  const input = ref ?? own;
  return (
    <div className={cx(styles.search, className)}>
      <IconMagnifyingGlass size={18} className={styles.leading} />
      <input
        {...rest}
        ref={input}
        type="search"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        placeholder={placeholder ?? label}
        className={styles.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) {
            event.preventDefault();
            event.stopPropagation();
            onChange("");
          }
          onKeyDown?.(event);
        }}
      />
      {value ? (
        <button
          type="button"
          className={styles.inside}
          aria-label={t("clear")}
          onClick={() => {
            onChange("");
            input.current?.focus();
          }}
        >
          <IconX size={16} />
        </button>
      ) : (
        keys && (
          <span className={styles.keys} aria-hidden="true">
            {keys.map((key) => (
              <Kbd key={key} name={key} />
            ))}
          </span>
        )
      )}
    </div>
  );
}

/** Leaves out what was not given: `exactOptionalPropertyTypes` tells an absent property from an undefined one. */
export function around(given: { [Key in keyof Around]: Around[Key] | undefined }): Around {
  return {
    label: given.label ?? "",
    ...(given.labelHidden && { labelHidden: true }),
    ...(given.hint !== undefined && { hint: given.hint }),
    ...(given.error && { error: given.error }),
    ...(given.optional && { optional: true }),
    ...(given.aside !== undefined && { aside: given.aside }),
  };
}
