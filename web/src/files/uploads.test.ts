import { beforeEach, describe, expect, test } from "vitest";
import { ProblemError, Unreachable } from "#/core/api/errors";
import type { FileView } from "#/core/api/schema";
import { file, SPACE } from "#/test/things";
import { createUploads, type Uploads } from "./uploads";

type Asked = {
  id: string;
  name: string;
  progress: (sent: number) => void;
  signal: AbortSignal;
  done: (file: FileView) => void;
  fail: (error: Error) => void;
};
let asked: Asked[];
let uploads: Uploads;

beforeEach(() => {
  asked = [];
  uploads = createUploads(
    ({ id, name }, progress, signal) =>
      new Promise((done, fail) => {
        asked.push({ id, name, progress, signal, done, fail });
        signal.addEventListener("abort", () => fail(signal.reason));
      }),
  );
});

const given = (...names: string[]): File[] => names.map((name) => new File(["abcd"], name));
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const states = (): string[] => uploads.all.get().map(({ state }) => state);
const refused = new ProblemError({ type: "x", status: 413, code: "too-large", title: "" });

describe("uploads", () => {
  test("two at a time, in order, with how far they are", async () => {
    uploads.start(SPACE, "files", given("a", "b", "c"));
    expect(asked.map(({ name }) => name)).toEqual(["a", "b"]);
    asked[0]?.progress(2);
    expect(uploads.all.get()[0]).toMatchObject({ sent: 2, size: 4, state: "sending" });
    asked[1]?.done(file(1));
    await settled();
    expect(asked.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(states()).toEqual(["sending", "done", "sending"]);
    expect(uploads.all.get()[1]?.file).toEqual(file(1));
  });

  test("one that is stopped makes way, and says no more", async () => {
    const [first] = uploads.start(SPACE, "files", given("a", "b", "c"));
    uploads.remove(first ?? "");
    await settled();
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(asked.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(states()).toEqual(["sending", "sending"]);
  });

  test("a failed one is tried again as the same file: by hand, or when the line is back", async () => {
    const [first, second] = uploads.start(SPACE, "files", given("a", "b"));
    asked[0]?.fail(refused);
    asked[1]?.fail(new Unreachable());
    await settled();
    expect(uploads.all.get().map(({ problem }) => problem?.code ?? null)).toEqual(["too-large", null]);
    uploads.retryLost();
    expect(asked.slice(2).map(({ id }) => id)).toEqual([second]);
    uploads.retry(first ?? "");
    expect(asked.slice(3).map(({ id }) => id)).toEqual([first]);
    asked[3]?.done(file(1));
    await settled();
    expect(states()).toEqual(["done", "sending"]);
  });

  test("signing out stops them all", async () => {
    uploads.start(SPACE, "files", given("a", "b", "c"));
    uploads.clear();
    await settled();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(uploads.all.get()).toEqual([]);
  });
});
