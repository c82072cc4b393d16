import { lazy, type ReactElement, Suspense, useEffect } from "react";
import { keeper } from "#/core/journal/live";
import { useStore } from "#/core/store";
import { callToReturnTo, current, enter } from "./call/current";
import { Incoming } from "./ring/Incoming";
import { useStarted } from "./ring/useStarted";

const Dock = lazy(async () => ({ default: (await import("./dock/Dock")).Dock }));

/** What calls put in front of every page of the house: who rings, and the call one is in while reading elsewhere. */
export function CallSurface(): ReactElement {
  const room = useStore(current, (now) => now);
  useStarted();
  useReturn();
  return (
    <>
      <Incoming />
      {room && (
        <Suspense>
          <Dock room={room} />
        </Suspense>
      )}
    </>
  );
}

/** Whoever reloads any page of the window is back in the call. */
function useReturn(): void {
  useEffect(() => {
    const kept = callToReturnTo((space) => keeper.house.get()?.calls[space]?.id);
    if (kept && !current.get()) void enter(kept.space, kept);
  }, []);
}
