import { createContext, useContext } from "react";

type FrameState = {
  drawerOpen: boolean;
  toggleDrawer: () => void;
  closeDrawer: () => void;
  showShortcuts: () => void;
};

export const FrameContext = createContext<FrameState | null>(null);

/** What pages may ask of the frame around them. */
export function useFrame(): FrameState {
  const found = useContext(FrameContext);
  if (!found) throw new Error("useFrame needs a <Frame> above it");
  return found;
}
