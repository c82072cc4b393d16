import { type ReactElement, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeyboard, useShortcut } from "#/core/keys/useShortcut";
import { closeNearest, useEscape } from "#/ui/layer/escape";
import { Bar } from "./Bar";
import styles from "./Frame.module.css";
import { FrameContext } from "./frameContext";
import { Rail } from "./Rail";
import { Shortcuts } from "./Shortcuts";
import { useFocusOnArrival } from "./useFocusOnArrival";

/** Lets go of the drawer as soon as the window is wide enough to show the list. */
const WIDE = "(min-width: 1100px)";

/**
 * The frame of the window: rail, list, sheet. Under 1100 pixels the list folds into a drawer; under 600 the rail
 * becomes a bar at the foot, and the list is a page of its own.
 *
 * `list` is the list of spaces, `notice` a line above the sheet (offline), `children` what the sheet holds.
 */
export function Frame({
  list,
  notice,
  children,
}: {
  list: ReactNode;
  notice?: ReactNode;
  children: ReactNode;
}): ReactElement {
  const { t } = useTranslation();
  const [drawer, setDrawer] = useState(false);
  const [shortcuts, setShortcuts] = useState(false);
  const closeDrawer = useCallback(() => setDrawer(false), []);

  useFocusOnArrival();
  useKeyboard(closeNearest);
  useShortcut("?", () => setShortcuts(true));
  useEffect(() => {
    const wide = matchMedia(WIDE);
    const onChange = (): void => {
      if (wide.matches) setDrawer(false);
    };
    wide.addEventListener("change", onChange);
    return () => wide.removeEventListener("change", onChange);
  }, []);

  const context = useMemo(
    () => ({
      drawerOpen: drawer,
      toggleDrawer: () => setDrawer((open) => !open),
      closeDrawer,
      showShortcuts: () => setShortcuts(true),
    }),
    [drawer, closeDrawer],
  );

  return (
    <FrameContext value={context}>
      <a className={styles.skip} href="#content">
        {t("skip")}
      </a>
      <div className={styles.frame}>
        <Rail />
        <div className={styles.list}>{!drawer && list}</div>
        <main id="content" tabIndex={-1} className={styles.sheet}>
          {notice}
          {children}
        </main>
        <Bar />
      </div>
      {drawer && <Drawer onClose={closeDrawer}>{list}</Drawer>}
      <Shortcuts opened={shortcuts} onClose={() => setShortcuts(false)} />
    </FrameContext>
  );
}

function Drawer({ onClose, children }: { onClose: () => void; children: ReactNode }): ReactElement {
  const { t } = useTranslation("ui");
  const drawer = useRef<HTMLDivElement>(null);
  useEscape(onClose);
  useEffect(() => {
    const before = document.activeElement;
    drawer.current?.focus({ preventScroll: true });
    return () => {
      // What opened above it has the focus already.
      if (document.activeElement !== document.body) return;
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div className={styles.layer}>
      <button
        type="button"
        className={styles.scrim}
        aria-label={t("close")}
        onClick={onClose}
        tabIndex={-1}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: choosing a page anywhere in it closes it */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: links turn Enter into a click by themselves */}
      <div
        ref={drawer}
        tabIndex={-1}
        className={styles.drawer}
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest("a")) onClose();
        }}
        onBlur={(event) => {
          // Tab leads out of its end: it has been left.
          if (event.relatedTarget instanceof Node && !event.currentTarget.contains(event.relatedTarget))
            onClose();
        }}
      >
        {children}
      </div>
    </div>
  );
}
