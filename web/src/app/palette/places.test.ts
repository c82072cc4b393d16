import { describe, expect, test } from "vitest";
import type { SpaceRow } from "#/spaces/spaces";
import { foundPlaces, type Place } from "./places";

/** Only what finding reads of a row. */
const row = (name: string): SpaceRow => ({ name }) as SpaceRow;

const place = (name: string, movedAt: number, within?: string, unread = 0): Place => ({
  id: name,
  name,
  row: row(within ?? name),
  channelId: within ? name : null,
  unread,
  movedAt,
});

const places = [
  place("Budget 2027", 10),
  place("arbitrages", 40, "Budget 2027"),
  place("préparer le budget", 30, "Pont de la Tannerie"),
  place("Élodie Marchetti", 20, undefined, 2),
  place("Pont de la Tannerie", 50),
];
const found = (typed: string): string[] => foundPlaces(places, typed, 10).map(({ name }) => name);

describe("places found", () => {
  test("names that begin so, then words that do, then channels of such a space", () => {
    expect(found("budg")).toEqual(["Budget 2027", "préparer le budget", "arbitrages"]);
  });

  test("accents and order do not matter", () => {
    expect(found("marchetti elo")).toEqual(["Élodie Marchetti"]);
    expect(found("pont prep")).toEqual(["préparer le budget"]);
  });

  test("with nothing typed, what is unread and then what moved last, whole spaces only", () => {
    expect(found("")).toEqual(["Élodie Marchetti", "Pont de la Tannerie", "Budget 2027"]);
  });

  test("no more than asked for", () => {
    expect(foundPlaces(places, "", 1)).toHaveLength(1);
    expect(found("zzz")).toEqual([]);
  });
});
