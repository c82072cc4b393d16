/** A side that is sharp on any screen; the server keeps less. */
const SIDE = 512;
const QUALITY = 0.92;

type Square = { readonly x: number; readonly y: number; readonly side: number };

/** The largest square in the middle of a picture, as the server would cut it. */
export function middle(width: number, height: number): Square {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side };
}

/**
 * What will be shown of a picture: its middle, square and small. Made here, so that one sees before sending, a camera's
 * picture of any size will do, and where it was taken does not leave the device. Rejects where the browser cannot read it.
 */
export async function portraitOf(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  try {
    const { x, y, side } = middle(picture.width, picture.height);
    const edge = Math.min(SIDE, side);
    const canvas = document.createElement("canvas");
    canvas.width = edge;
    canvas.height = edge;
    const drawing = canvas.getContext("2d");
    if (!drawing) throw new Error("this browser draws nothing");
    drawing.imageSmoothingQuality = "high";
    drawing.drawImage(picture, x, y, side, side, 0, 0, edge, edge);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("the picture could not be made"))),
        // PNG keeps what is see-through; a photograph would be many times larger in it.
        file.type === "image/png" ? "image/png" : "image/jpeg",
        QUALITY,
      );
    });
  } finally {
    picture.close();
  }
}
