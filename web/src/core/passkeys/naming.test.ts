import { describe, expect, test } from "vitest";
import { KeyError, troubleOf } from "./ceremony";
import { deviceName, placeOf } from "./naming";

describe("the first name of a passkey", () => {
  test.each([
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
      "Edge, Windows",
    ],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1",
      "Safari, iPhone",
    ],
    [
      "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
      "Chrome, Android",
    ],
    ["curl/8", ""],
  ])("%s", (agent, name) => expect(deviceName(agent)).toBe(name));

  test("says where it lives", () => {
    expect(placeOf(["internal", "hybrid"])).toBe("here");
    expect(placeOf(["usb", "nfc"])).toBe("stick");
    expect(placeOf(["hybrid"])).toBe("elsewhere");
    expect(placeOf([])).toBe("here");
  });
});

test("what the browser says went wrong", () => {
  const trouble = (name: string): unknown => {
    const error = troubleOf(new DOMException("", name));
    return error instanceof KeyError ? error.trouble : error;
  };
  expect(trouble("NotAllowedError")).toBe("cancelled");
  expect(trouble("InvalidStateError")).toBe("present");
  expect(trouble("NotSupportedError")).toBe("unable");
  expect(trouble("SecurityError")).toBe("address");
  expect(trouble("AbortError")).toBeInstanceOf(DOMException);
  const other = new Error("other");
  expect(troubleOf(other)).toBe(other);
});
