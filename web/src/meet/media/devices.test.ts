import { afterEach, describe, expect, test, vi } from "vitest";
import { open } from "./devices";

/** A browser that has these microphones, and gives the first to whoever asks for none by name. */
function browserWith(ids: readonly string[], refusal?: string): string[] {
  const opened: string[] = [];
  const getUserMedia = ({ audio }: { audio: { deviceId?: { exact: string } } }): Promise<unknown> => {
    const wanted = audio.deviceId?.exact ?? ids[0] ?? "";
    if (refusal) return Promise.reject(new DOMException("no", refusal));
    if (!ids.includes(wanted)) return Promise.reject(new DOMException("gone", "OverconstrainedError"));
    opened.push(wanted);
    return Promise.resolve({ getTracks: () => [{ contentHint: "" }] });
  };
  vi.stubGlobal("navigator", {
    mediaDevices: { getUserMedia, enumerateDevices: () => Promise.resolve([]) },
  });
  return opened;
}

describe("opening a microphone", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("it is the very one that was chosen", async () => {
    const opened = browserWith(["default", "headset"]);
    await open("microphone", "headset");
    expect(opened).toEqual(["headset"]);
  });

  test("any will do when that one is gone, or when none was chosen", async () => {
    const opened = browserWith(["default"]);
    await open("microphone", "headset");
    await open("microphone", "");
    expect(opened).toEqual(["default", "default"]);
  });

  test("a refusal is no reason to ask for another one", async () => {
    browserWith(["default"], "NotAllowedError");
    await expect(open("microphone", "headset")).rejects.toThrow("no");
  });
});
