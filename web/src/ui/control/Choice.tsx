import { type ComponentPropsWithRef, type ReactElement, type ReactNode, useId } from "react";
import { cx } from "../cx";
import { type Icon, IconCheck } from "../icon";
import styles from "./Choice.module.css";

type Option<Value extends string> = {
  readonly value: Value;
  readonly label: string;
  /** The language of the label, where it is not the page's. */
  readonly lang?: string;
  readonly icon?: Icon;
  readonly disabled?: boolean;
  /** What the chosen one looks like; a label wears its own colour. */
  readonly tone?: "plain" | "public" | "internal" | "sensitive" | "restricted";
};

/** One of two to four, all in sight, as radio buttons in a row. */
export function Choice<Value extends string>({
  legend,
  legendHidden,
  options,
  value,
  onChange,
  spaced,
}: {
  legend: string;
  legendHidden?: boolean;
  options: readonly Option<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
  /** Apart, as the four labels; else joined in one trough. */
  spaced?: boolean;
}): ReactElement {
  const name = useId();
  const drawn = options.map(({ value: own, label, lang, icon: Drawing, disabled, tone = "plain" }) => (
    <label key={own} className={styles.option} data-tone={tone}>
      <input
        type="radio"
        name={name}
        value={own}
        checked={own === value}
        disabled={disabled}
        onChange={() => onChange(own)}
      />
      {Drawing && <Drawing size={20} />}
      <span className={styles.word} lang={lang}>
        {label}
      </span>
    </label>
  ));
  // Four stand in pairs, so that what does not fit in one row stands two by two, however long the words are.
  const paired = spaced && drawn.length === 4;
  return (
    <fieldset className={styles.field}>
      <legend className={cx(styles.legend, legendHidden && styles.hidden)}>{legend}</legend>
      <div className={spaced ? styles.spaced : styles.joined}>
        {paired ? (
          <>
            <div className={styles.pair}>{drawn.slice(0, 2)}</div>
            <div className={styles.pair}>{drawn.slice(2)}</div>
          </>
        ) : (
          drawn
        )}
      </div>
    </fieldset>
  );
}

type CheckProps = Omit<ComponentPropsWithRef<"input">, "type" | "size"> & {
  label: string;
  /** A second line, quieter. */
  detail?: ReactNode;
  /** At the right end. */
  aside?: ReactNode;
};

/** A box to tick, with its words; the whole line is the target. */
export function Checkbox({ label, detail, aside, className, ...rest }: CheckProps): ReactElement {
  return (
    <label className={cx(styles.line, className)}>
      <span className={styles.check}>
        <input {...rest} type="checkbox" />
        <IconCheck size={16} />
      </span>
      <span className={styles.text}>
        <span className={styles.word}>{label}</span>
        {detail && <span className={styles.detail}>{detail}</span>}
      </span>
      {aside && <span className={styles.detail}>{aside}</span>}
    </label>
  );
}

/** Something that is on or off, and changes at once. */
export function Switch({ label, detail, className, ...rest }: CheckProps): ReactElement {
  return (
    <label className={cx(styles.line, className)}>
      <span className={styles.text}>
        <span className={styles.word}>{label}</span>
        {detail && <span className={styles.detail}>{detail}</span>}
      </span>
      <span className={styles.switch}>
        {/* biome-ignore lint/a11y/useAriaPropsForRole: a checkbox says by itself whether it is on */}
        <input {...rest} type="checkbox" role="switch" />
        <span aria-hidden="true" />
      </span>
    </label>
  );
}
