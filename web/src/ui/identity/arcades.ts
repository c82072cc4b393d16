/** A round arch that stands on its foot: left edge, top, width, height. */
function arch(x: number, y: number, width: number, height: number): string {
  const radius = width / 2;
  return `M${x} ${y + height}V${y + radius}A${radius} ${radius} 0 0 1 ${x + width} ${y + radius}V${y + height}Z`;
}

const box = (x: number, y: number, width: number, height: number): string =>
  `M${x} ${y}H${x + width}V${y + height}H${x}Z`;

/** The ten drawings, on a square of 40, filled even-odd. Their order is part of each space's face: only append. */
export const ARCADES: readonly string[] = [
  // one
  arch(11, 9, 18, 23.5),
  // two
  arch(6, 10.5, 12.5, 22) + arch(21.5, 10.5, 12.5, 22),
  // three
  arch(5, 14, 8.4, 18.5) + arch(15.8, 14, 8.4, 18.5) + arch(26.6, 14, 8.4, 18.5),
  // nested: an arch in an arch
  arch(7.5, 7.5, 25, 25) + arch(12, 12, 16, 20.5) + arch(16, 17, 8, 15.5),
  // pointed
  "M10 32.5V21C10 14.5 14 9.5 20 6.5C26 9.5 30 14.5 30 21V32.5Z",
  // low
  "M5.5 29.5V23.5C5.5 16 12 11 20 11S34.5 16 34.5 23.5V29.5Z",
  // aqueduct: three small over two wide
  arch(6, 8, 7, 8) +
    arch(16.5, 8, 7, 8) +
    arch(27, 8, 7, 8) +
    arch(6, 19.5, 12.5, 13) +
    arch(21.5, 19.5, 12.5, 13),
  // split door
  "M19 32.5H9V18.5C9 13 13.5 8.6 19 8Z M21 32.5H31V18.5C31 13 26.5 8.6 21 8Z",
  // bridge: a parapet over two openings
  box(5, 10, 30, 21.5) + arch(9, 20.5, 9.5, 11) + arch(21.5, 20.5, 9.5, 11),
  // uneven
  arch(6, 8, 15.5, 24.5) + arch(25, 17.5, 9.5, 15),
];
