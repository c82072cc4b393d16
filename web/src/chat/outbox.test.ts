import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { plain } from "#/core/api/content";
import { ProblemError } from "#/core/api/errors";
import type { MessageView } from "#/core/api/schema";
import { CHANNEL, id, message } from "#/test/things";
import { createOutbox, type Outbox, type Send, shownPendings } from "./outbox";

type Asked = {
  text: string;
  client_id: string;
  done: (message: MessageView) => void;
  fail: (code: string, s?: number) => void;
};

let asked: Asked[];
let outbox: Outbox;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  const send: Send = ({ content, client_id }) =>
    new Promise((resolve, reject) => {
      asked.push({
        text: content.text,
        client_id,
        done: resolve,
        fail: (code, retry_after_s) =>
          reject(
            new ProblemError({
              type: "x",
              status: 400,
              code,
              title: "",
              retry_after_s: retry_after_s ?? null,
            }),
          ),
      });
    });
  outbox = createOutbox(send);
});

afterEach(() => vi.useRealTimers());

const soon = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);
const states = (): string[] => (outbox.pendings.get()[CHANNEL] ?? []).map(({ state }) => state);
const ours = (ordinal: number, clientId: string): MessageView => message(ordinal, { client_id: clientId });

describe("the outbox", () => {
  test("sends what is written in one channel in its order, and does not wait for other channels", async () => {
    outbox.send(CHANNEL, plain("un"));
    outbox.send(CHANNEL, plain("deux"));
    outbox.send(id(21), plain("ailleurs"));
    await soon();
    expect(asked.map(({ text }) => text)).toEqual(["un", "ailleurs"]);
    asked[0]?.done(ours(1, asked[0].client_id));
    await soon();
    expect(asked.map(({ text }) => text)).toEqual(["un", "ailleurs", "deux"]);
    expect(states()).toEqual(["sent", "waiting"]);
  });

  test("keeps what is refused, with why, and goes on with the next", async () => {
    const first = outbox.send(CHANNEL, plain("un"));
    outbox.send(CHANNEL, plain("deux"));
    await soon();
    asked[0]?.fail("refused");
    await soon();
    expect(states()).toEqual(["failed", "waiting"]);
    expect(outbox.pendings.get()[CHANNEL]?.[0]?.problem?.code).toBe("refused");
    asked[1]?.done(ours(1, asked[1].client_id));
    await soon();
    outbox.retry(CHANNEL, first);
    await soon();
    expect(asked.at(-1)).toMatchObject({ text: "un", client_id: first });
    expect(states()).toEqual(["sent", "waiting"]);
    asked.at(-1)?.fail("refused");
    await soon();
    outbox.discard(CHANNEL, first);
    expect(states()).toEqual(["sent"]);
  });

  test("tells again, as the same message, what the server could not take just then", async () => {
    const clientId = outbox.send(CHANNEL, plain("un"));
    await soon();
    asked[0]?.fail("too-many", 3);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.client_id).toBe(clientId);
    for (let tries = 2; tries <= 6; tries += 1) {
      asked.at(-1)?.fail("unavailable");
      await vi.advanceTimersByTimeAsync(15_000);
    }
    expect(asked).toHaveLength(6);
    expect(states()).toEqual(["failed"]);
  });

  test("lets go of a message a moment after the channel shows it", async () => {
    const clientId = outbox.send(CHANNEL, plain("un"));
    await soon();
    // Its event may come before its answer.
    outbox.arrived(ours(4, clientId));
    expect(states()).toEqual(["sent"]);
    asked[0]?.done(ours(4, clientId));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outbox.pendings.get()).toEqual({});
  });

  test("takes up what was written before this page, before what was written since, each once", async () => {
    const earlier = outbox.send(CHANNEL, plain("avant"));
    await soon();
    const before = outbox.pendings.get()[CHANNEL] ?? [];
    outbox.clear();
    asked = [];
    outbox.restore([]);
    outbox.send(id(21), plain("ailleurs"));
    outbox.restore(before);
    outbox.restore(before);
    outbox.send(CHANNEL, plain("après"));
    await soon();
    expect(asked.map(({ text }) => text)).toEqual(["ailleurs", "avant"]);
    expect(asked[1]?.client_id).toBe(earlier);
    asked[1]?.done(ours(1, earlier));
    await soon();
    expect(asked.map(({ text }) => text)).toEqual(["ailleurs", "avant", "après"]);
  });

  test("forgets everything when one signs out, and sends nothing more", async () => {
    outbox.send(CHANNEL, plain("un"));
    outbox.send(CHANNEL, plain("deux"));
    await soon();
    outbox.clear();
    asked[0]?.done(ours(1, asked[0].client_id));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    expect(outbox.pendings.get()).toEqual({});
  });

  test("shows each message once: beside the window, or in it", async () => {
    const clientId = outbox.send(CHANNEL, plain("un"));
    await soon();
    const list = (): readonly { client_id: string }[] => outbox.pendings.get()[CHANNEL] ?? [];
    const shown = (messages: MessageView[], after: boolean): number =>
      shownPendings(outbox.pendings.get()[CHANNEL] ?? [], { messages, after }).length;
    expect([shown([], false), shown([], true)]).toEqual([1, 1]);
    asked[0]?.done(ours(1, clientId));
    await soon();
    expect(list()).toHaveLength(1);
    expect([shown([], false), shown([], true), shown([ours(1, clientId)], false)]).toEqual([1, 0, 0]);
  });
});
