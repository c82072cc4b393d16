import { expect, test } from "vitest";
import { csv } from "./links";

test("a file that a spreadsheet opens as it stands", () => {
  expect(
    csv([
      ["adresse", "nom"],
      ["a@x.example", "L’Hôte; du"],
    ]),
  ).toBe('\uFEFFadresse;nom\r\na@x.example;"L’Hôte; du"\r\n');
});

test("a name that is a formula stays a name", () => {
  const names = ['=HYPERLINK("http://mal.example")', "+33", "-1", "@SUM(A1)", "\tx", "\rx"];
  for (const name of names) expect(csv([[name]])).toMatch(/^\uFEFF"'/u);
  expect(csv([['=A"1']])).toBe(`\uFEFF"'=A""1"\r\n`);
  expect(csv([["Jean-Luc"]])).toBe("\uFEFFJean-Luc\r\n");
});
