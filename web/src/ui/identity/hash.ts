const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
export const HUES = 8;

/** FNV-1a, 32 bits: one id gives one number in every browser, for ever. Never change it: people know their colour. */
export function hash(id: string): number {
  let value = OFFSET;
  for (let index = 0; index < id.length; index += 1) {
    value = Math.imul(value ^ id.charCodeAt(index), PRIME);
  }
  return value >>> 0;
}

/** Which of the eight hues a person or a space wears, 0 to 7. */
export function hue(id: string): number {
  return hash(id) % HUES;
}

/** Which drawing of `count` a space wears; taken from other bits than the hue, so that both vary. */
export function drawing(id: string, count: number): number {
  return Math.floor(hash(`arch ${id}`) / HUES) % count;
}
