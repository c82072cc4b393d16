import { type ReactElement, useEffect, useRef } from "react";
import type { Store } from "#/core/store";
import { cx } from "#/ui/cx";
import styles from "./Video.module.css";

/**
 * A moving picture. While `frozen` holds it keeps its last image, so that nobody turns black while a connection is being
 * renewed. `mirrored` for one's own.
 */
export function Video({
  track,
  mirrored,
  paused,
  whole,
  frozen,
}: {
  track: MediaStreamTrack;
  mirrored?: boolean | undefined;
  paused?: boolean | undefined;
  /** All of it, with room around; else it fills its place. */
  whole?: boolean | undefined;
  frozen?: Store<boolean> | undefined;
}): ReactElement {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    video.srcObject = new MediaStream([track]);
    // Muted pictures may always play; a rejection only says that another track came meanwhile.
    video.play().catch(() => undefined);
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  useEffect(
    () =>
      // Straight to the element: the track ends before a rendering would come.
      frozen?.subscribe(() => {
        if (frozen.get()) element.current?.pause();
        else element.current?.play().catch(() => undefined);
      }),
    [frozen],
  );
  return (
    <video
      ref={element}
      className={cx(
        styles.video,
        whole && styles.whole,
        mirrored && styles.mirrored,
        paused && styles.paused,
      )}
      autoPlay
      muted
      playsInline
      disablePictureInPicture
      aria-hidden="true"
      tabIndex={-1}
      onResize={({ currentTarget: video }) => {
        // Whoever holds their telephone upright is not cut down to a nose.
        video.toggleAttribute("data-upright", video.videoHeight > video.videoWidth);
      }}
    />
  );
}
