import { act, render, screen } from "@testing-library/react";
import { type ReactElement, useEffect } from "react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { startLanguage } from "#/core/i18n/i18n";
import { Toasts, useToasts } from "./Toasts";

let show: ReturnType<typeof useToasts>["show"];

function Catch(): ReactElement | null {
  const toasts = useToasts();
  useEffect(() => {
    show = toasts.show;
  }, [toasts]);
  return null;
}

beforeEach(async () => {
  await startLanguage("fr");
  vi.useFakeTimers();
  render(
    <Toasts>
      <Catch />
    </Toasts>,
  );
  return () => vi.useRealTimers();
});

describe("a toast that can be undone", () => {
  test("says when it has gone, once", () => {
    const [undo, onGone] = [vi.fn(), vi.fn()];
    act(() => show({ text: "Supprimé", undo, onGone, staysMs: 5000 }));
    act(() => vi.advanceTimersByTime(4900));
    expect(onGone).not.toHaveBeenCalled();
    act(() => vi.advanceTimersByTime(200));
    expect(onGone).toHaveBeenCalledTimes(1);
    expect(undo).not.toHaveBeenCalled();
  });

  test("says nothing when it was undone", () => {
    const [undo, onGone] = [vi.fn(), vi.fn()];
    act(() => show({ text: "Supprimé", undo, onGone }));
    act(() => screen.getByText("Annuler").click());
    act(() => vi.advanceTimersByTime(60_000));
    expect(undo).toHaveBeenCalledTimes(1);
    expect(onGone).not.toHaveBeenCalled();
  });

  test("goes too when later ones push it out, or it is closed", () => {
    const onGone = vi.fn();
    act(() => show({ text: "Premier", undo: vi.fn(), onGone }));
    for (const text of ["b", "c", "d"]) act(() => show({ text }));
    expect(onGone).toHaveBeenCalledTimes(1);
    act(() => show({ text: "Dernier", undo: vi.fn(), onGone }));
    act(() => screen.getAllByLabelText("Fermer").at(-1)?.click());
    expect(onGone).toHaveBeenCalledTimes(2);
  });
});
