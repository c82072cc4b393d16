/** On what somebody makes a passkey, from what their browser says of itself: for a first name, which they may change. */
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/u, "iPhone"],
  [/iPad/u, "iPad"],
  [/Android/u, "Android"],
  [/Windows/u, "Windows"],
  [/Mac OS X/u, "Mac"],
  [/CrOS/u, "ChromeOS"],
  [/Linux/u, "Linux"],
];

/** Edge and Opera say that they are Chrome too, and Chrome that it is Safari. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:A|iOS)?\//u, "Edge"],
  [/OPR\//u, "Opera"],
  [/Firefox\/|FxiOS\//u, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//u, "Chrome"],
  [/Safari\//u, "Safari"],
];

const found = (table: typeof SYSTEMS, agent: string): string | undefined =>
  table.find(([pattern]) => pattern.test(agent))?.[1];

/** « Chrome, Windows », or "" where neither is known. */
export function deviceName(agent: string): string {
  return [found(BROWSERS, agent), found(SYSTEMS, agent)].filter(Boolean).join(", ");
}

/** Where a key lives, by how it is reached: in this device, in something one plugs in or holds to it, or elsewhere. */
export function placeOf(transports: readonly string[]): "here" | "stick" | "elsewhere" {
  if (transports.includes("internal")) return "here";
  if (transports.some((one) => one === "usb" || one === "nfc" || one === "smart-card")) return "stick";
  return transports.includes("hybrid") ? "elsewhere" : "here";
}
