import { Modal } from "@mantine/core";
import { type ReactElement, type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../control/IconButton";
import { IconX } from "../icon";
import styles from "./Dialog.module.css";

/** How many are open. */
let dialogs = 0;

// The key closes the dialog; what lies under it, a panel at the side, must not take it as well. Before all others hear
// it: the dialog is gone as soon as it did.
window.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && dialogs > 0) event.preventDefault();
  },
  { capture: true },
);

type DialogProps = {
  title: string;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
  /** The buttons at its foot, the main one last. */
  actions?: ReactNode;
  width?: number;
};

/** A question that cannot wait, in a layer above all. Rare: undo is better. Focus stays in it and comes back after. */
export function Dialog({
  title,
  opened,
  onClose,
  children,
  actions,
  width = 480,
}: DialogProps): ReactElement {
  const { t } = useTranslation("ui");
  useEffect(() => {
    if (!opened) return;
    dialogs += 1;
    return () => {
      dialogs -= 1;
    };
  }, [opened]);
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      centered
      size={width}
      transitionProps={{ duration: 100, transition: "fade" }}
      // The page behind does not scroll by itself, so it needs no lock (which would write a style element).
      lockScroll={false}
      classNames={{ content: styles.dialog ?? "", overlay: styles.scrim ?? "", inner: styles.inner ?? "" }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <header className={styles.head}>
          <Modal.Title className={styles.title ?? ""}>{title}</Modal.Title>
          <IconButton icon={IconX} label={t("close")} keys={["escape"]} side="top" onClick={onClose} />
        </header>
        <div className={styles.body}>{children}</div>
        {actions && <footer className={styles.foot}>{actions}</footer>}
      </Modal.Content>
    </Modal.Root>
  );
}
