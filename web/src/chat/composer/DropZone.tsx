import { type DragEvent, type ReactElement, type ReactNode, useRef, useState } from "react";
import { IconUploadSimple } from "#/ui/icon";
import styles from "./DropZone.module.css";

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");

/** A part of the page where files may be dropped anywhere. */
export function DropZone({
  enabled,
  onFiles,
  label,
  children,
}: {
  enabled: boolean;
  onFiles: (files: readonly File[]) => void;
  label: string;
  children: ReactNode;
}): ReactElement {
  const [over, setOver] = useState(false);
  // Entering and leaving is told of every part inside; only as many leavings as enterings mean that it was left.
  const depth = useRef(0);
  const leave = (): void => {
    depth.current = 0;
    setOver(false);
  };
  const handlers = enabled && {
    onDragEnter: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth.current += 1;
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth.current -= 1;
      if (depth.current <= 0) leave();
    },
    onDragOver: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    },
    onDrop: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      leave();
      onFiles([...event.dataTransfer.files]);
    },
  };
  return (
    <div className={styles.zone} {...handlers}>
      {children}
      {over && (
        <div className={styles.over} aria-hidden="true">
          <IconUploadSimple size={24} />
          <span>{label}</span>
        </div>
      )}
    </div>
  );
}
