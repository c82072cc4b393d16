import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "#/ui/cx";
import { IconMagnifyingGlass } from "#/ui/icon";
import { openPalette } from "./open";
import styles from "./PaletteButton.module.css";

/** On a phone, the way into the palette at the head of a page; elsewhere the list beside the page has it. */
export function PaletteButton({ className }: { className?: string | undefined }): ReactElement {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className={cx(styles.button, className)}
      aria-haspopup="dialog"
      onClick={openPalette}
    >
      <IconMagnifyingGlass size={20} />
      <span>{t("list.filterShort")}</span>
    </button>
  );
}
