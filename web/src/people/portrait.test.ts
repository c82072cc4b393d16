import { expect, test } from "vitest";
import { middle } from "./portrait";

test("the middle of a picture, whichever way it lies", () => {
  expect(middle(4000, 3000)).toEqual({ x: 500, y: 0, side: 3000 });
  expect(middle(1081, 1920)).toEqual({ x: 0, y: 419, side: 1081 });
  expect(middle(64, 64)).toEqual({ x: 0, y: 0, side: 64 });
});
