import { QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { queries } from "./queries";

test("what moves while it is asked for the first time is asked for once more", async () => {
  const answers: ((value: string) => void)[] = [];
  const ask = vi.fn(() => new Promise<string>((resolve) => answers.push(resolve)));
  const seen = new QueryObserver(queries, { queryKey: ["moving"], queryFn: ask });
  const leave = seen.subscribe(() => undefined);
  const renewed = queries.invalidateQueries({ queryKey: ["moving"] });
  answers.shift()?.("before");
  await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(2));
  answers.shift()?.("after");
  await renewed;
  expect(seen.getCurrentResult().data).toBe("after");
  leave();
});
