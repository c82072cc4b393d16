import { type CSSProperties, Fragment, memo, type ReactElement, type ReactNode, useMemo } from "react";
import { cx } from "#/ui/cx";
import styles from "./Formatted.module.css";
import { type Block, type Inline, type Item, parse } from "./parse";

const PICTOGRAM = /^(?:\p{RI}|\p{Extended_Pictographic})/u;
const FEW = 3;

/** Whether a message is nothing but a few pictograms, which are then shown larger. */
export function fewPictograms(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > 32) return false;
  const graphemes = [...new Intl.Segmenter().segment(trimmed)]
    .map(({ segment }) => segment)
    .filter((one) => one.trim());
  return graphemes.length <= FEW && graphemes.every((one) => PICTOGRAM.test(one));
}

/**
 * What someone wrote, with its small marks shown. Built from elements and never from a string of HTML, so nothing
 * written can become anything but text. People's own spaces and signs stay as they typed them.
 */
export const Formatted = memo(function Formatted({
  text,
  tail,
}: {
  text: string;
  /** After the last word. */
  tail?: ReactNode;
}): ReactElement {
  const all = useMemo(() => parse(text), [text]);
  const last = all.at(-1);
  return (
    <div className={cx(styles.text, fewPictograms(text) && styles.large)}>
      {blocks(last?.type === "paragraph" ? all.slice(0, -1) : all)}
      {last?.type === "paragraph" ? (
        <p>
          {inlines(last.children)}
          {tail}
        </p>
      ) : (
        tail && <p>{tail}</p>
      )}
    </div>
  );
});

function blocks(all: readonly Block[]): ReactNode {
  return all.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: what is said does not change its order
    <Fragment key={index}>{blockOf(block)}</Fragment>
  ));
}

function blockOf(block: Block): ReactElement {
  switch (block.type) {
    case "paragraph":
      return <p>{inlines(block.children)}</p>;
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre className={styles.block} tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return <blockquote>{blocks(block.children)}</blockquote>;
    case "list":
      return block.ordered ? (
        <ol style={{ "--digits": digitsOf(block.items) } as CSSProperties}>{block.items.map(item)}</ol>
      ) : (
        <ul>{block.items.map(item)}</ul>
      );
  }
}

/** The longest number of a list, which makes room for itself. */
const digitsOf = (items: readonly Item[]): number =>
  Math.max(...items.map(({ number }) => String(number ?? 0).length));

function item({ number, level, children }: Item, index: number): ReactElement {
  return (
    <li key={index} data-level={level || undefined} {...(number !== null && { value: number })}>
      {inlines(children)}
    </li>
  );
}

function inlines(all: readonly Inline[]): ReactNode {
  return all.map((node, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: what is said does not change its order
    <Fragment key={index}>{inlineOf(node)}</Fragment>
  ));
}

function inlineOf(node: Inline): ReactNode {
  switch (node.type) {
    case "text":
      return node.text;
    case "code":
      return <code>{node.text}</code>;
    case "link":
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer">
          {node.text}
        </a>
      );
    case "strong":
      return <strong>{inlines(node.children)}</strong>;
    case "emphasis":
      return <em>{inlines(node.children)}</em>;
    case "strike":
      return <s>{inlines(node.children)}</s>;
  }
}
