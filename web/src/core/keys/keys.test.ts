import { afterEach, describe, expect, test, vi } from "vitest";
import { addShortcut, press, setLetterShortcuts } from "./keys";

const key = (name: string, more: KeyboardEventInit = {}, target?: HTMLElement): KeyboardEvent => {
  const event = new KeyboardEvent("keydown", { key: name, bubbles: true, ...more });
  (target ?? document.body).dispatchEvent(event);
  return event;
};

const removers: (() => void)[] = [];
const on = (keys: string): ReturnType<typeof vi.fn> => {
  const run = vi.fn();
  removers.push(addShortcut(keys, run));
  return run;
};

afterEach(() => {
  for (const remove of removers.splice(0)) remove();
  setLetterShortcuts(true);
  document.body.replaceChildren();
});

describe("shortcuts", () => {
  test("a key, a sequence, a key with Ctrl or Command", () => {
    const [help, place, filter] = [on("?"), on("g p"), on("mod+k")];
    expect(press(key("?", { shiftKey: true }))).toBe(true);
    expect(press(key("g"))).toBe(false);
    expect(press(key("p"))).toBe(true);
    expect(press(key("p"))).toBe(false);
    expect(press(key("k", { ctrlKey: true }))).toBe(true);
    expect(press(key("K", { metaKey: true }))).toBe(true);
    expect([help, place, filter].map((run) => run.mock.calls.length)).toEqual([1, 1, 2]);
  });

  test("plain keys do nothing while one writes, those with Ctrl do", () => {
    const [help, filter] = [on("?"), on("mod+k")];
    const field = document.createElement("textarea");
    document.body.append(field);
    expect(press(key("?", {}, field))).toBe(false);
    expect(press(key("k", { ctrlKey: true }, field))).toBe(true);
    expect([help, filter].map((run) => run.mock.calls.length)).toEqual([0, 1]);
  });

  test("plain keys can be turned off", () => {
    const help = on("?");
    setLetterShortcuts(false);
    expect(press(key("?"))).toBe(false);
    expect(help).not.toHaveBeenCalled();
  });

  test("the shortcut added last comes first, and gives way when it goes", () => {
    const first = on("?");
    const second = vi.fn();
    const remove = addShortcut("?", second);
    press(key("?"));
    remove();
    press(key("?"));
    expect([first, second].map((run) => run.mock.calls.length)).toEqual([1, 1]);
  });

  test("AltGr, which types characters, is left alone", () => {
    const help = on("?");
    expect(press(key("?", { altKey: true, ctrlKey: true }))).toBe(false);
    expect(help).not.toHaveBeenCalled();
  });
});
