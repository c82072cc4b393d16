import { type Inline, parseInline } from "./inline";

export type { Inline } from "./inline";

/** A line of a list. `number` is what the writer wrote; null in a list of dashes. `level` is how deep it stands. */
export type Item = {
  readonly number: number | null;
  readonly level: number;
  readonly children: readonly Inline[];
};

export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "list"; readonly ordered: boolean; readonly items: readonly Item[] }
  | { readonly type: "quote"; readonly children: readonly Block[] };

/** A quote in a quote in a quote; what is deeper is shown as it was written. */
const QUOTES_DEEP = 3;
const LEVELS_DEEP = 2;
const INDENT = 2;

const FENCE = "```";
const QUOTE = /^ {0,3}> ?/u;
const BULLET = /^([ \t]{0,8})[-*•] +(?=\S)/u;
const NUMBER = /^([ \t]{0,8})(\d{1,9})[.)] +(?=\S)/u;

/**
 * What someone wrote, as a tree: paragraphs, blocks of code, lists and quotes. Whatever is not a mark of ours stays
 * as it was written. Takes time in proportion to the text, whatever the text is.
 */
export function parse(text: string): readonly Block[] {
  return blocksOf(text.replace(/\r\n?/gu, "\n").split("\n"), 0);
}

function blocksOf(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  const closing = closings(lines);
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    const written = paragraph.join("\n");
    if (written.trim()) blocks.push({ type: "paragraph", children: parseInline(written) });
    paragraph = [];
  };
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const end = opens(line) ? (closing[at + 1] ?? -1) : -1;
    let block: Block | null = null;
    let next = at + 1;
    if (end >= 0) {
      block = code(lines.slice(at, end + 1));
      next = end + 1;
    } else if (depth < QUOTES_DEEP && QUOTE.test(line)) {
      next = endOfRun(lines, at, QUOTE);
      const inside = lines.slice(at, next).map((quoted) => quoted.replace(QUOTE, ""));
      block = { type: "quote", children: blocksOf(inside, depth + 1) };
    } else if (BULLET.test(line)) {
      next = endOfRun(lines, at, BULLET);
      block = { type: "list", ordered: false, items: lines.slice(at, next).map(bullet) };
    } else if (NUMBER.test(line)) {
      next = endOfRun(lines, at, NUMBER);
      block = { type: "list", ordered: true, items: lines.slice(at, next).map(numbered) };
    }
    if (block) {
      endParagraph();
      blocks.push(block);
    } else if (line.trim()) {
      paragraph.push(line);
    } else {
      endParagraph();
    }
    at = next;
  }
  endParagraph();
  return blocks;
}

/** Whether a block of code begins here: three backticks, and at most the name of a language after them. */
function opens(line: string): boolean {
  return (
    line.startsWith(FENCE) && !line.includes("`", FENCE.length) && !line.slice(FENCE.length).includes(" ")
  );
}

/** For each line, the first line from there on that ends a block of code; -1 when none does. */
function closings(lines: readonly string[]): readonly number[] {
  const found: number[] = new Array(lines.length + 1).fill(-1);
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    found[at] = lines[at]?.trimEnd().endsWith(FENCE) ? at : (found[at + 1] ?? -1);
  }
  return found;
}

function code(lines: readonly string[]): Block {
  const last = lines.at(-1)?.trimEnd().slice(0, -FENCE.length) ?? "";
  const inside = lines.slice(1, -1);
  return { type: "code", text: [...inside, ...(last.trim() ? [last] : [])].join("\n") };
}

function endOfRun(lines: readonly string[], from: number, mark: RegExp): number {
  let at = from + 1;
  while (at < lines.length && mark.test(lines[at] ?? "")) at += 1;
  return at;
}

function level(indent: string): number {
  return Math.min(LEVELS_DEEP, Math.floor(indent.replaceAll("\t", "  ").length / INDENT));
}

function bullet(line: string): Item {
  const [mark = "", indent = ""] = BULLET.exec(line) ?? [];
  return { number: null, level: level(indent), children: parseInline(line.slice(mark.length)) };
}

function numbered(line: string): Item {
  const [mark = "", indent = "", digits = "1"] = NUMBER.exec(line) ?? [];
  return { number: Number(digits), level: level(indent), children: parseInline(line.slice(mark.length)) };
}
