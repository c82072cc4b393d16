import { expect, test } from "vitest";
import { ownPath } from "./ownPath";

test("an address within the window is kept", () => {
  for (const own of ["/", "/spaces/a?b=c#d", "/directory", "/spaces/a?from=//b.example"]) {
    expect(ownPath(own)).toBe(own);
  }
});

test("no spelling of another host is an address of ours", () => {
  const others = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\\evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e//evil.example",
    "https://evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "evil.example",
    "",
    null,
    7,
    ["/"],
  ];
  for (const other of others) expect(ownPath(other)).toBeUndefined();
});
