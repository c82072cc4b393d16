import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ProblemError } from "#/core/api/errors";
import type { AnyToWindow } from "#/core/api/schema";
import { type Connection, createConnection } from "./connection";

const ID = "018e0000-0000-7000-8000-000000000001";

/** The browser's side of a socket, played by the test. */
class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = FakeSocket.OPEN;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: { t: string; n?: number }[] = [];
  closed = false;
  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  say(frame: AnyToWindow): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  welcome(): void {
    this.onopen?.();
    this.say({ t: "welcome", v: 1, now: "2026-03-10T08:00:00Z", build: "b", rule: "r", spread: 8_000 });
  }
}

const delivered: AnyToWindow[] = [];
let connection: Connection;
const last = (): FakeSocket => {
  const found = FakeSocket.all.at(-1);
  if (!found) throw new Error("no socket");
  return found;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  delivered.length = 0;
  connection = createConnection({
    url: "ws://test/api/socket",
    cursors: () => ({ [ID]: 7 }),
    deliver: (frame) => delivered.push(frame),
    checkSession: () => undefined,
    signedOut: () => connection.stop(),
  });
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the connection", () => {
  test("gives a request its answer across a lost line", async () => {
    connection.start();
    last().welcome();
    const answer = connection.request({ t: "chat.read", channel_id: ID, ordinal: 3 });
    const first = last();
    first.onclose?.({ code: 1006 });
    expect(connection.line.get().phase).toBe("waiting");
    vi.advanceTimersByTime(1_000);
    expect(last()).not.toBe(first);
    last().welcome();
    expect(last().sent).toEqual([
      { t: "hello", v: 1, cursors: { [ID]: 7 } },
      { t: "chat.read", channel_id: ID, ordinal: 3, n: 1 },
    ]);
    last().say({ t: "done", n: 1, r: { fine: true } });
    await expect(answer).resolves.toEqual({ fine: true });
  });

  test("tells a line that is closing nothing, and the next one all that waits", () => {
    connection.start();
    last().welcome();
    const closing = last();
    closing.readyState = 2;
    void connection.request({ t: "chat.read", channel_id: ID, ordinal: 3 }).catch(() => undefined);
    expect(closing.sent).toHaveLength(1);
    closing.onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1_000);
    last().welcome();
    expect(last().sent.at(-1)).toEqual({ t: "chat.read", channel_id: ID, ordinal: 3, n: 1 });
  });

  test("rejects with the server's problem", async () => {
    connection.start();
    last().welcome();
    const answer = connection.request({ t: "chat.read", channel_id: ID, ordinal: 3 });
    last().say({
      t: "failed",
      n: 1,
      problem: { type: "x", status: 403, code: "refused", title: "Non." },
    });
    await expect(answer).rejects.toThrow(ProblemError);
  });

  test("does not hear a socket it has let go of", () => {
    connection.start();
    last().welcome();
    const old = last();
    window.dispatchEvent(new Event("online"));
    expect(old.sent.at(-1)).toEqual({ t: "ping", n: 1 });
    vi.advanceTimersByTime(3_000);
    expect(old.closed).toBe(true);
    old.say({ t: "reload", streams: [ID] });
    old.onclose?.({ code: 1000 });
    expect(delivered.map(({ t }) => t)).toEqual(["welcome"]);
    expect(connection.line.get().phase).toBe("connecting");
  });

  test("knows at once when the system says that the network is gone", () => {
    connection.start();
    last().welcome();
    vi.setSystemTime(60_000);
    window.dispatchEvent(new Event("offline"));
    expect(connection.line.get()).toEqual({ phase: "waiting", lostAt: 60_000, online: false });
  });

  test("asks a silent line whether it still carries, and keeps one that answers", () => {
    connection.start();
    last().welcome();
    const line = last();
    vi.advanceTimersByTime(50_000);
    expect(line.sent).toHaveLength(1);
    vi.advanceTimersByTime(5_000);
    expect(line.sent.at(-1)).toMatchObject({ t: "ping" });
    line.say({ t: "done", n: line.sent.at(-1)?.n ?? 0 });
    vi.advanceTimersByTime(20_000);
    expect(last()).toBe(line);
  });

  test("lets go of a line that says nothing more", () => {
    connection.start();
    last().welcome();
    const line = last();
    vi.advanceTimersByTime(65_000);
    expect(last()).not.toBe(line);
    expect(connection.line.get().phase).toBe("connecting");
  });

  test("gives up a socket that does not open", () => {
    connection.start();
    const stuck = last();
    vi.advanceTimersByTime(21_000);
    expect(stuck.closed).toBe(true);
    expect(last()).not.toBe(stuck);
  });

  test("whoever presses retry does not wait", () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    connection.start();
    for (let index = 0; index < 8; index += 1) {
      last().onclose?.({ code: 1006 });
      vi.advanceTimersByTime(20_000);
    }
    last().onclose?.({ code: 1006 });
    const before = FakeSocket.all.length;
    vi.advanceTimersByTime(1_000);
    expect(FakeSocket.all).toHaveLength(before);
    connection.retry();
    expect(FakeSocket.all).toHaveLength(before + 1);
  });

  test("opens a new line after the machine slept", () => {
    connection.start();
    last().welcome();
    const before = FakeSocket.all.length;
    vi.advanceTimersByTime(20_000);
    expect(FakeSocket.all).toHaveLength(before);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5_000);
    expect(FakeSocket.all).toHaveLength(before + 1);
  });

  test("an abandoned request is neither told nor answered", async () => {
    connection.start();
    const stop = new AbortController();
    const answer = connection.request({ t: "chat.read", channel_id: ID, ordinal: 3 }, stop.signal);
    stop.abort();
    await expect(answer).rejects.toThrow();
    last().welcome();
    expect(last().sent).toHaveLength(1);
  });

  test("lets everyone who waits know that the session is over", async () => {
    connection.start();
    last().welcome();
    const answer = connection.request({ t: "chat.read", channel_id: ID, ordinal: 3 });
    last().onclose?.({ code: 4401 });
    await expect(answer).rejects.toThrow();
    expect(connection.line.get().phase).toBe("off");
  });
});
