import { lazy, type ReactElement, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useShortcut } from "#/core/keys/useShortcut";
import { useStore } from "#/core/store";
import { Overlay } from "#/ui/layer/Overlay";
import { closePalette, paletteOpen } from "./open";

const Palette = lazy(async () => ({ default: (await import("./Palette")).Palette }));

/** Where the palette opens: Ctrl K from anywhere, and whatever else calls `openPalette`. */
export function PaletteHost(): ReactElement {
  const { t } = useTranslation();
  const opened = useStore(paletteOpen, (open) => open);
  useShortcut("mod+k", () => paletteOpen.set(!paletteOpen.get()));
  return (
    <Overlay label={t("palette.label")} opened={opened} onClose={closePalette}>
      <Suspense>
        <Palette onClose={closePalette} />
      </Suspense>
    </Overlay>
  );
}
