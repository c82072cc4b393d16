import { linkFinder, mailAt } from "./links";

export type Emphasis = "strong" | "emphasis" | "strike";

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "link"; readonly href: string; readonly text: string }
  | { readonly type: Emphasis; readonly children: readonly Inline[] };

/** What is being gathered: the whole, or the inside of a mark that may still turn out not to be one. */
type Open = { readonly kind: Emphasis | null; readonly mark: string; readonly children: Inline[] };

const WORD = /[\p{L}\p{N}]/u;
const SPACE = /\s/u;

/** Marks by the length of their run: `***` is both; anything longer is a line of stars. */
const MARKS: Readonly<Record<string, readonly (readonly [Emphasis, string])[]>> = {
  "*": [["emphasis", "*"]],
  "**": [["strong", "**"]],
  "***": [
    ["strong", "**"],
    ["emphasis", "*"],
  ],
  "~~": [["strike", "~~"]],
};

/**
 * Bold, italic, struck, code and links inside a paragraph. A mark counts at the edge of a word only, so that
 * « 2 * 3 * 4 » stays what it is; one that is not closed stays as it was written. Each kind opens once at a time,
 * so nothing nests deeper than three, and each character is looked at a bounded number of times.
 */
export function parseInline(text: string): readonly Inline[] {
  const root: Open = { kind: null, mark: "", children: [] };
  const stack: Open[] = [root];
  const codes = codeEnds(text);
  const linkAt = linkFinder(text);
  let plain = 0;

  const top = (): Open => stack.at(-1) ?? root;
  const say = (until: number): void => {
    if (until > plain) addText(top().children, text.slice(plain, until));
  };
  const add = (node: Inline, from: number, until: number): void => {
    say(from);
    top().children.push(node);
    plain = until;
  };

  let at = 0;
  while (at < text.length) {
    const character = text[at];
    if (character === "`") {
      const run = runOf(text, at);
      const end = codes.get(at) ?? -1;
      if (end >= 0) add({ type: "code", text: inCode(text.slice(at + run, end)) }, at, end + run);
      at = end >= 0 ? end + run : at + run;
    } else if (character === "*" || character === "~") {
      const run = runOf(text, at);
      const marks = MARKS[text.slice(at, at + run)];
      if (marks) {
        say(at);
        plain = at;
        const taken = mark(stack, marks, canClose(text, at, run), canOpen(text, at, run));
        if (taken) plain = at + run;
      }
      at += run;
    } else if (character === "@") {
      const mail = mailAt(text, at, plain);
      if (mail) add({ type: "link", href: mail.href, text: mail.text }, mail.from, mail.until);
      at = mail ? mail.until : at + 1;
    } else {
      const link = linkAt(at);
      if (link) add({ type: "link", href: link.href, text: link.text }, at, link.until);
      at = link ? link.until : at + 1;
    }
  }
  say(text.length);
  while (stack.length > 1) abandon(stack);
  return root.children;
}

/** Closes or opens what a run of marks stands for; false when it is no mark here. */
function mark(
  stack: Open[],
  marks: readonly (readonly [Emphasis, string])[],
  closes: boolean,
  opens: boolean,
): boolean {
  const isOpen = (kind: Emphasis): boolean => stack.some((one) => one.kind === kind);
  if (closes && marks.every(([kind]) => isOpen(kind))) {
    const order = stack.map((one) => one.kind);
    const inside = [...marks].sort((one, other) => order.indexOf(other[0]) - order.indexOf(one[0]));
    for (const [kind] of inside) close(stack, kind);
    return true;
  }
  if (opens && !marks.some(([kind]) => isOpen(kind))) {
    for (const [kind, written] of marks) stack.push({ kind, mark: written, children: [] });
    return true;
  }
  return false;
}

function close(stack: Open[], kind: Emphasis): void {
  while (stack.at(-1)?.kind !== kind) abandon(stack);
  const closed = stack.pop();
  if (closed) stack.at(-1)?.children.push({ type: kind, children: closed.children });
}

/** What was opened and never closed was no mark: its characters stay. */
function abandon(stack: Open[]): void {
  const open = stack.pop();
  const under = stack.at(-1)?.children;
  if (!(open && under)) return;
  addText(under, open.mark);
  for (const child of open.children) {
    if (child.type === "text") addText(under, child.text);
    else under.push(child);
  }
}

function addText(children: Inline[], text: string): void {
  const last = children.at(-1);
  if (last?.type === "text") children[children.length - 1] = { type: "text", text: last.text + text };
  else children.push({ type: "text", text });
}

function runOf(text: string, at: number): number {
  let end = at + 1;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

function canOpen(text: string, at: number, run: number): boolean {
  const after = text[at + run];
  return after !== undefined && !SPACE.test(after) && !WORD.test(before(text, at));
}

function canClose(text: string, at: number, run: number): boolean {
  const last = text[at - 1];
  return last !== undefined && !SPACE.test(last) && !WORD.test(after(text, at + run));
}

/** The whole character before or after a place, also where it takes two units. */
const before = (text: string, at: number): string =>
  /[\udc00-\udfff]/u.test(text[at - 1] ?? "") ? text.slice(at - 2, at) : (text[at - 1] ?? "");
const after = (text: string, at: number): string => {
  const point = text.codePointAt(at);
  return point === undefined ? "" : String.fromCodePoint(point);
};

/** One space at each side belongs to the marks, so that code may begin with a backtick. */
function inCode(text: string): string {
  return text.startsWith(" ") && text.endsWith(" ") && text.trim() ? text.slice(1, -1) : text;
}

/** Where each run of backticks that begins a piece of code finds the next run of its length. */
function codeEnds(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const last = new Map<number, number>();
  for (let at = text.length - 1; at >= 0; ) {
    if (text[at] !== "`") {
      at -= 1;
      continue;
    }
    let start = at;
    while (text[start - 1] === "`") start -= 1;
    const run = at - start + 1;
    const end = last.get(run);
    if (end !== undefined) ends.set(start, end);
    last.set(run, start);
    at = start - 1;
  }
  return ends;
}
