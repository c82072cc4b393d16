import { createStore } from "#/core/store";

/** Whether the palette is open; beside React, so that anything may open it. */
export const paletteOpen = createStore(false);

export const openPalette = (): void => paletteOpen.set(true);
export const closePalette = (): void => paletteOpen.set(false);
