import { describe, expect, test } from "vitest";
import { CHANNEL, changed, file, frame, id, message, messages, seeded, sent } from "#/test/things";
import { heardIn, KEPT_MOST, type MessageWindow, renewal, withEarlier, withLater } from "./window";

const window = (from: number, to: number, before = from > 1, after = false): MessageWindow => ({
  messages: messages(from, to),
  before,
  after,
});
const ordinals = ({ messages }: MessageWindow): number[] => messages.map(({ ordinal }) => ordinal);
const heard = (start: MessageWindow, ...frames: Parameters<typeof heardIn>[1][]): MessageWindow =>
  frames.reduce((one, next) => heardIn(one, next, CHANNEL), start);

describe("a window of messages", () => {
  test("goes on with its channel only when it reaches the end", () => {
    expect(ordinals(heard(window(3, 5), sent(6), sent(6), sent(7)))).toEqual([3, 4, 5, 6, 7]);
    expect(heard(window(3, 5, true, true), sent(9))).toEqual(window(3, 5, true, true));
    expect(ordinals(heard(window(1, 0), sent(1)))).toEqual([1]);
    expect(ordinals(heard(window(1, 1), sent(2, { channel_id: id(21) })))).toEqual([1]);
  });

  test("says that there is more after it when something was missed, and never has a hole", () => {
    expect(heard(window(3, 5), sent(8))).toEqual(window(3, 5, true, true));
  });

  test("shows an edit in its place, and never an older telling", () => {
    const edited = {
      content: { format: "plain", text: "mieux" },
      edited_at: "2026-03-10T09:00:00Z",
    } as const;
    const later = {
      content: { format: "plain", text: "bien" },
      edited_at: "2026-03-10T09:00:00.5Z",
    } as const;
    const deleted = {
      content: { format: "plain", text: "" },
      deleted_at: "2026-03-10T10:00:00Z",
    } as const;
    const text = (one: MessageWindow): string | undefined => one.messages[1]?.content.text;
    expect(text(heard(window(1, 3), changed(2, edited)))).toBe("mieux");
    expect(text(heard(window(1, 3), changed(2, later), changed(2, edited), sent(2)))).toBe("bien");
    expect(text(heard(window(1, 3), changed(2, deleted), changed(2, later), sent(2)))).toBe("");
    expect(heard(window(1, 3), changed(9, edited))).toEqual(window(1, 3));
  });

  test("follows the files that hang on it", () => {
    const hung = heard(window(1, 1), sent(2, { files: [file(1), file(2)] }));
    const ready = file(1, { preview: "ready" });
    expect(heard(hung, frame({ type: "files.file.changed", file: ready })).messages[1]?.files).toEqual([
      ready,
      file(2),
    ]);
    expect(
      heard(hung, frame({ type: "files.file.removed", file_id: file(1).id })).messages[1]?.files,
    ).toEqual([file(2)]);
    const other = frame({ type: "files.file.removed", file_id: id(9) });
    expect(heard(hung, other)).toBe(hung);
  });

  test("grows on both sides, each message once", () => {
    expect(withEarlier(window(11, 20), window(1, 12))).toEqual(window(1, 20));
    expect(withLater(window(1, 10, false, true), window(9, 20))).toEqual(window(1, 20));
    expect(withLater(window(1, 10, false, true), window(11, 15, true, true)).after).toBe(true);
    expect(withLater(window(1, 10, false, true), { messages: [], before: true, after: false })).toEqual(
      window(1, 10),
    );
  });

  test("takes no answer that belongs to another window", () => {
    expect(withEarlier(window(50, 60), window(1, 20))).toEqual(window(50, 60));
    expect(withLater(window(1, 10, false, true), window(30, 40))).toEqual(window(1, 10, false, true));
  });

  test("lets go of what is far away, and says so", () => {
    const long = window(1001, 1000 + KEPT_MOST);
    const earlier = withEarlier(long, window(951, 1000));
    expect([ordinals(earlier)[0], earlier.messages.length, earlier.after]).toEqual([951, KEPT_MOST, true]);
    const later = heard(long, sent(1001 + KEPT_MOST));
    expect([ordinals(later)[0], later.messages.length, later.before]).toEqual([1002, KEPT_MOST, true]);
  });

  test("is asked for anew where one was reading", () => {
    expect(renewal(window(1, 60))).toEqual({ limit: 60 });
    expect(renewal(window(1, 400, false, true))).toEqual({ around: 201, limit: 100 });
    expect(renewal(window(1, 0))).toEqual({ limit: 50 });
  });

  test("whatever the order of answers and events, it is a run without holes", () => {
    const chance = seeded(7);
    for (let round = 0; round < 60; round += 1) {
      let last = 60;
      let shown = window(40, 60);
      for (let step = 0; step < 40; step += 1) {
        const dice = chance();
        const first = shown.messages[0]?.ordinal ?? 1;
        const end = shown.messages.at(-1)?.ordinal ?? 0;
        if (dice < 0.4) {
          last += 1;
          // Now and then an event is lost on the way, or told twice.
          if (chance() > 0.1) shown = heard(shown, sent(last));
          if (chance() < 0.3) shown = heard(shown, sent(last), sent(Math.max(1, last - 3)));
        } else if (dice < 0.6)
          shown = withEarlier(shown, window(Math.max(1, first - 10), Math.max(0, first - 1)));
        else if (dice < 0.8)
          shown = withLater(shown, window(end + 1, Math.min(last, end + 10), true, end + 10 < last));
        else shown = heard(shown, changed(last, { edited_at: "2026-03-10T09:00:00Z" }));
        const now = ordinals(shown);
        expect(now).toEqual(Array.from({ length: now.length }, (_, index) => (now[0] ?? 0) + index));
      }
      shown = withLater(shown, window((shown.messages.at(-1)?.ordinal ?? 0) + 1, last, true, false));
      expect(shown.messages.at(-1)).toMatchObject({ ordinal: message(last).ordinal });
    }
  });
});
