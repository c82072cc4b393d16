import { expect, test, vi } from "vitest";
import { ProblemError } from "#/core/api/errors";
import { enterAdministration, inAdministration, whoAsks } from "./administration";

const refused = (rule: string): ProblemError =>
  new ProblemError({ type: "x", status: 403, code: "refused", title: "", rule } as never);

test("what is only done in administration is asked for, and done again as it was", async () => {
  const act = vi.fn().mockRejectedValueOnce(refused("administration")).mockResolvedValue("done");
  const asking = vi.fn().mockResolvedValue(true);
  const stop = whoAsks(asking);
  expect(await inAdministration(act)).toBe("done");
  expect([act.mock.calls.length, asking.mock.calls.length]).toEqual([2, 1]);
  stop();
});

test("who does not enter is told the refusal, and nothing is done twice", async () => {
  const act = vi.fn().mockRejectedValue(refused("administration"));
  const stop = whoAsks(() => Promise.resolve(false));
  await expect(inAdministration(act)).rejects.toMatchObject({ details: { rule: "administration" } });
  expect(act).toHaveBeenCalledTimes(1);
  stop();
  // Nobody asks any more: no window is there for it.
  expect(await enterAdministration()).toBe(false);
});

test("another rule's refusal asks for nothing", async () => {
  const asking = vi.fn().mockResolvedValue(true);
  const stop = whoAsks(asking);
  await expect(inAdministration(() => Promise.reject(refused("office")))).rejects.toThrow();
  expect(asking).not.toHaveBeenCalled();
  stop();
});

test("several things that wait for it ask once", async () => {
  let enter: (did: boolean) => void = () => undefined;
  const asking = vi.fn(() => new Promise<boolean>((resolve) => (enter = resolve)));
  const stop = whoAsks(asking);
  const both = Promise.all([enterAdministration(), enterAdministration()]);
  enter(true);
  expect(await both).toEqual([true, true]);
  expect(asking).toHaveBeenCalledTimes(1);
  stop();
});
