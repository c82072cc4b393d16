import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { plain } from "#/core/api/content";
import { ProblemError } from "#/core/api/errors";
import type { MessageView } from "#/core/api/schema";
import { CHANNEL, id, ME, message, OTHER } from "#/test/things";
import { type Keeping, keepPendings } from "./keeping";
import { createOutbox, type Outbox, type Pending } from "./outbox";
import type { Shelf } from "./shelf";

/** A disk that is slower than the line, and outlives pages. */
let disk: Map<string, Pending & { person: string }>;
let forbidden: boolean;

const shelf: Shelf = {
  async read(person) {
    await later();
    for (const [key, row] of disk) if (row.person !== person) disk.delete(key);
    return [...disk.values()].map(({ person: _, ...one }) => one);
  },
  async write(person, put, gone) {
    await later();
    if (forbidden) throw new DOMException("", "QuotaExceededError");
    for (const one of put) disk.set(one.client_id, { ...one, person });
    for (const key of gone) disk.delete(key);
  },
  async clear() {
    await later();
    disk.clear();
  },
};
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const written = (): string[] => [...disk.values()].map(({ content }) => content.text);

const SENSITIVE = id(21);
const GONE = id(22);

type Page = {
  outbox: Outbox;
  keeping: Keeping;
  sent: { text: string; client_id: string; answer: (message: MessageView | Error) => void }[];
};

/** A page with an outbox of its own; the server answers when it is told to. */
function page(): Page {
  const sent: Page["sent"] = [];
  const outbox = createOutbox(
    ({ content, client_id }) =>
      new Promise((resolve, reject) => {
        sent.push({
          text: content.text,
          client_id,
          answer: (said) => (said instanceof Error ? reject(said) : resolve(said)),
        });
      }),
  );
  const keeping = keepPendings(
    outbox,
    shelf,
    (channel) => channel !== SENSITIVE,
    (channel) => channel !== GONE,
  );
  return { outbox, keeping, sent };
}

const passes = (ms = 50): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  disk = new Map();
  forbidden = false;
});
afterEach(() => vi.useRealTimers());

async function opened(person = ME): Promise<Page> {
  const fresh = page();
  void fresh.keeping.start(person);
  await passes();
  return fresh;
}

describe("what is not acknowledged", () => {
  test("survives the page, and goes out once more under the same id, in its order", async () => {
    const first = await opened();
    first.outbox.send(CHANNEL, plain("un"));
    expect(first.keeping.loses()).toBe(true);
    await passes(1);
    first.outbox.send(CHANNEL, plain("deux"));
    await passes();
    expect(written()).toEqual(["un", "deux"]);
    expect(first.keeping.loses()).toBe(false);
    // The page is killed here. In the next one somebody writes before the disk has answered.
    const next = page();
    void next.keeping.start(ME);
    await passes();
    next.outbox.send(CHANNEL, plain("trois"));
    await passes();
    expect(next.sent.map(({ text }) => text)).toEqual(["un"]);
    expect(next.sent[0]?.client_id).toBe(first.sent[0]?.client_id);
    for (const ordinal of [1, 2, 3]) {
      const one = next.sent.at(-1);
      one?.answer(message(ordinal, { client_id: one.client_id }));
      await passes();
    }
    expect(next.sent.map(({ text }) => text)).toEqual(["un", "deux", "trois"]);
    expect(written()).toEqual([]);
  });

  test("is not written to the disk where the label forbids it, and closing the page would lose it", async () => {
    const { outbox, keeping } = await opened();
    outbox.send(SENSITIVE, plain("à garder pour nous"));
    await passes();
    expect(written()).toEqual([]);
    expect(keeping.loses()).toBe(true);
  });

  test("is lost with the page when the disk does not take it, which the page then says", async () => {
    const { outbox, keeping } = await opened();
    forbidden = true;
    outbox.send(CHANNEL, plain("un"));
    await passes();
    expect(keeping.loses()).toBe(true);
  });

  test("stays as it was refused, until it is discarded", async () => {
    const first = await opened();
    const clientId = first.outbox.send(CHANNEL, plain("un"));
    await passes();
    first.sent[0]?.answer(new ProblemError({ type: "x", status: 403, code: "refused", title: "Non." }));
    await passes();
    const next = await opened();
    expect(next.sent).toEqual([]);
    expect(next.outbox.pendings.get()[CHANNEL]?.[0]).toMatchObject({ state: "failed", client_id: clientId });
    next.outbox.discard(CHANNEL, clientId);
    await passes();
    expect(written()).toEqual([]);
  });

  test("stays when a session merely ends, for its person only", async () => {
    const first = await opened();
    first.outbox.send(CHANNEL, plain("un"));
    await passes();
    first.keeping.stop();
    first.outbox.clear();
    await passes();
    expect(written()).toEqual(["un"]);
    const theirs = await opened(OTHER);
    expect(theirs.outbox.pendings.get()).toEqual({});
    expect(written()).toEqual([]);
  });

  test("goes when its person signs out, also what was being written just then", async () => {
    const { outbox, keeping } = await opened();
    outbox.send(CHANNEL, plain("un"));
    await passes(1);
    void keeping.forget();
    outbox.clear();
    await passes();
    expect(written()).toEqual([]);
  });

  test("goes with the channel it was for", async () => {
    const first = await opened();
    first.outbox.send(GONE, plain("un"));
    await passes();
    expect(written()).toEqual(["un"]);
    const next = await opened();
    await passes();
    expect(next.sent).toEqual([]);
    expect(written()).toEqual([]);
  });
});
