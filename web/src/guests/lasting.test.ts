import { expect, test } from "vitest";
import { linkUntil } from "./lasting";

const PARIS = { language: "fr", timeZone: "Europe/Paris" } as const;
const REUNION = { language: "fr", timeZone: "Indian/Reunion" } as const;

test("a link that ends with the visit is good until the visit's last day, wherever that is read", () => {
  const short = { ends_on: "2026-11-25", expires_at: "2026-11-25T23:00:00Z" };
  expect(linkUntil(short, PARIS)).toBe("2026-11-25");
  expect(linkUntil(short, REUNION)).toBe("2026-11-25");
});

test("else until the day on which its fourteen days end", () => {
  const long = { ends_on: "2027-02-23", expires_at: "2026-12-07T22:30:00Z" };
  expect(linkUntil(long, PARIS)).toBe("2026-12-07");
  expect(linkUntil(long, REUNION)).toBe("2026-12-08");
  expect(linkUntil({ ends_on: null, expires_at: "2026-12-07T23:00:00Z" }, PARIS)).toBe("2026-12-07");
});
