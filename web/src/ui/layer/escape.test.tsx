import { render, screen } from "@testing-library/react";
import { type ReactElement, useRef } from "react";
import { describe, expect, test, vi } from "vitest";
import { closeNearest, useEscape } from "./escape";

function Layer({ close, name }: { close: () => void; name: string }): ReactElement {
  const element = useRef<HTMLDivElement>(null);
  useEscape(close, element);
  return (
    <div ref={element} data-testid={name}>
      <input aria-label={name} />
    </div>
  );
}

const pressEscape = (target: Element): KeyboardEvent => {
  const event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
};

describe("Esc", () => {
  test("closes what was opened last, one at a time", () => {
    const [first, second] = [vi.fn(), vi.fn()];
    const view = render(
      <>
        <Layer close={first} name="first" />
        <Layer close={second} name="second" />
      </>,
    );
    expect(closeNearest()).toBe(true);
    expect([first, second].map((close) => close.mock.calls.length)).toEqual([0, 1]);
    view.rerender(<Layer close={first} name="first" />);
    expect(closeNearest()).toBe(true);
    expect(first).toHaveBeenCalledTimes(1);
    view.unmount();
    expect(closeNearest()).toBe(false);
  });

  test("inside a layer closes that one, and goes no further", () => {
    const [first, second] = [vi.fn(), vi.fn()];
    render(
      <>
        <Layer close={first} name="first" />
        <Layer close={second} name="second" />
      </>,
    );
    const event = pressEscape(screen.getByLabelText("first"));
    expect(event.defaultPrevented).toBe(true);
    expect([first, second].map((close) => close.mock.calls.length)).toEqual([1, 0]);
  });
});
