import type { FileView } from "#/core/api/schema";

const ALONE = { width: 360, height: 270 };
const AMONG = { width: 240, height: 160 };
/** For what could not be measured; and what is thinner than the least, so that it can be hit. */
const UNKNOWN = { width: 4, height: 3 };
const LEAST = 44;

/** Whether we have, or will have, a copy of it to show. */
export function isPicture(file: FileView): boolean {
  return file.preview === "ready" || file.preview === "pending";
}

/** Whether it stands among the pictures of a message: also the one whose copy failed, in the room it was given first. */
export function hasBox(file: FileView): boolean {
  return isPicture(file) || (file.preview === "failed" && file.width !== null);
}

/** The room that a picture takes, known before it comes, so that nothing jumps. In whole pixels. */
export function boxOf(file: FileView, alone: boolean): { width: number; height: number } {
  const most = alone ? ALONE : AMONG;
  const known = file.width !== null && file.height !== null && file.width > 0 && file.height > 0;
  const width = known ? (file.width ?? 1) : UNKNOWN.width * most.width;
  const height = known ? (file.height ?? 1) : UNKNOWN.height * most.width;
  // A small picture is not blown up.
  const scale = Math.min(most.width / width, most.height / height, 1);
  return {
    width: Math.max(LEAST, Math.round(width * scale)),
    height: Math.max(LEAST, Math.round(height * scale)),
  };
}
