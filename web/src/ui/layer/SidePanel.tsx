import { type ReactElement, type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../control/IconButton";
import { IconX } from "../icon";
import { useEscape } from "./escape";
import styles from "./SidePanel.module.css";

type SidePanelProps = {
  title: string;
  /** What it is about, beside the title. */
  about?: ReactNode;
  onClose: () => void;
  /** Icon buttons before the one that closes. */
  actions?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
};

/**
 * The side of the sheet, 360 wide, on demand: a thread, the details of a file, an invitation. Where the window
 * is narrow it covers the sheet. The focus enters it when it opens; Esc closes it and the focus goes back.
 */
export function SidePanel({ title, about, onClose, actions, children, foot }: SidePanelProps): ReactElement {
  const { t } = useTranslation("ui");
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  useEscape(onClose, panel);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside ref={panel} tabIndex={-1} aria-labelledby={id} className={styles.panel}>
      <header className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {about && <span className={styles.about}>{about}</span>}
        <span className={styles.actions}>
          {actions}
          <IconButton icon={IconX} label={t("close")} keys={["escape"]} onClick={onClose} />
        </span>
      </header>
      <div className={styles.body}>{children}</div>
      {foot && <div className={styles.foot}>{foot}</div>}
    </aside>
  );
}
