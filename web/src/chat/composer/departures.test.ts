import { beforeEach, describe, expect, test, vi } from "vitest";
import type { FileView, ProblemDetails } from "#/core/api/schema";
import { type Uploading, uploads } from "#/files/uploads";
import { file } from "#/test/things";
import { depart, departBy, departures, discardDeparture, standing } from "./departures";

const TOO_LARGE: ProblemDetails = {
  type: "x",
  status: 413,
  code: "too-large",
  title: "C’est trop volumineux.",
};

const upload = (id: string, more: Partial<Uploading> = {}): Uploading => ({
  id,
  space: "s",
  scope: "c",
  name: `${id}.pdf`,
  size: 10,
  media_type: "application/pdf",
  sent: 0,
  state: "sending",
  file: null,
  problem: null,
  blob: new Blob(),
  ...more,
});
const done = (id: string, number: number): Uploading => upload(id, { state: "done", file: file(number) });

const send = vi.fn<(channel: string, text: string, files: readonly FileView[]) => void>();

beforeEach(() => {
  uploads.all.set([]);
  departures.set([]);
  send.mockClear();
  departBy(send);
});

describe("how a message that waits for its files stands", () => {
  const departure = { id: "d", channel: "c", text: "", at: 0, uploads: ["a", "b"] };

  test("it waits for all of them", () => {
    expect(standing(departure, [done("a", 1), upload("b")]).state).toBe("waiting");
    expect(standing(departure, [done("a", 1), done("b", 2), upload("z")])).toEqual({
      state: "ready",
      files: [file(1), file(2)],
    });
  });

  test("one that was refused stops it, one that was not heard does not", () => {
    const refused = upload("b", { state: "failed", problem: TOO_LARGE });
    expect(standing(departure, [done("a", 1), refused])).toMatchObject({
      state: "failed",
      problem: TOO_LARGE,
    });
    expect(standing(departure, [done("a", 1), upload("b", { state: "failed" })]).state).toBe("waiting");
  });
});

describe("a message that waits for its files", () => {
  test("leaves once the last one is there, with them in their order, once", () => {
    uploads.all.set([upload("a"), upload("b")]);
    depart("c", "Voici", ["a", "b"]);
    uploads.all.set([upload("a"), done("b", 2)]);
    expect(send).not.toHaveBeenCalled();
    uploads.all.set([done("a", 1), done("b", 2)]);
    expect(send.mock.calls).toEqual([["c", "Voici", [file(1), file(2)]]]);
    expect([departures.get(), uploads.all.get()]).toEqual([[], []]);
  });

  test("leaves at once when they are there already", () => {
    uploads.all.set([done("a", 1)]);
    depart("c", "", ["a"]);
    expect(send.mock.calls).toEqual([["c", "", [file(1)]]]);
  });

  test("does not leave when it is taken back, and takes its files off", () => {
    uploads.all.set([upload("a")]);
    depart("c", "Voici", ["a"]);
    const [departure] = departures.get();
    discardDeparture(departure?.id ?? "");
    expect([departures.get(), uploads.all.get()]).toEqual([[], []]);
    expect(send).not.toHaveBeenCalled();
  });
});
