import { Modal } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";
import styles from "./Overlay.module.css";

/** A layer above all that is a tool and not a question: near the top, without a title. Esc and a click outside close it. */
export function Overlay({
  label,
  opened,
  onClose,
  children,
}: {
  label: string;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}): ReactElement {
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={720}
      yOffset="min(108px, 10dvh)"
      transitionProps={{ duration: 0 }}
      lockScroll={false}
      classNames={{ content: styles.overlay ?? "", overlay: styles.scrim ?? "" }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={label}>{children}</Modal.Content>
    </Modal.Root>
  );
}
