import { expect, test } from "vitest";
import { addressFits, domainOf, passwordMisses } from "./firstForm";

test("a password is asked for its length alone", () => {
  expect(passwordMisses("")).toBe(12);
  expect(passwordMisses("onze signes")).toBe(1);
  expect(passwordMisses("douze signes")).toBe(0);
  // Characters, as the server counts them, and not halves of them.
  expect(passwordMisses("🏛️".repeat(6))).toBe(0);
});

test("a domain is found in what people paste", () => {
  expect(domainOf(" Haute-Vezelle.example ")).toBe("haute-vezelle.example");
  expect(domainOf("@haute-vezelle.example")).toBe("haute-vezelle.example");
  expect(domainOf("agathe@haute-vezelle.example")).toBe("haute-vezelle.example");
  expect(domainOf("haute vezelle")).toBeNull();
  expect(domainOf("localhost")).toBeNull();
});

test("an address has one @ and a domain", () => {
  expect(addressFits("a.b@c.example")).toBe(true);
  expect(addressFits("a@b@c.example")).toBe(false);
  expect(addressFits("a@c")).toBe(false);
});
