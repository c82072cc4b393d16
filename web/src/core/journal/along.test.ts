import { expect, test } from "vitest";
import type { EventFrame } from "#/core/api/schema";
import { sent } from "#/test/things";
import { along } from "./along";

/** Tells events to whoever listens. */
function teller() {
  const listeners = new Set<(frame: EventFrame) => void>();
  return {
    onEvent(listener: (frame: EventFrame) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell(frame: EventFrame) {
      for (const listener of listeners) listener(frame);
    },
    count: () => listeners.size,
  };
}

const ordinal = ({ e }: EventFrame): number => (e.type === "chat.message.sent" ? e.message.ordinal : 0);

test("what happens while an answer is on its way is folded into it, in order", async () => {
  const keeper = teller();
  let answer: (list: number[]) => void = () => undefined;
  const asked = along(
    keeper,
    () =>
      new Promise<number[]>((resolve) => {
        answer = resolve;
      }),
    (list, frame) => [...list, ordinal(frame)],
  );
  keeper.tell(sent(2));
  keeper.tell(sent(3));
  answer([1]);
  await expect(asked).resolves.toEqual([1, 2, 3]);
  expect(keeper.count()).toBe(0);
});

test("a failure is passed on, and nobody listens any more", async () => {
  const keeper = teller();
  await expect(
    along(
      keeper,
      () => Promise.reject(new Error("lost")),
      (kept) => kept,
    ),
  ).rejects.toThrow("lost");
  expect(keeper.count()).toBe(0);
});
