import { chatReducers } from "#/chat/reduce";
import type { Reducers } from "#/core/journal/house";
import { filesReducers } from "#/files/reduce";
import { meetReducers } from "#/meet/reduce";
import { spacesReducers } from "#/spaces/reduce";

/** Every kind of event and what it makes of the house: one that no module takes does not compile. */
export const reducers: Reducers = {
  ...spacesReducers,
  ...chatReducers,
  ...filesReducers,
  ...meetReducers,
  // What one has of oneself is asked for anew.
  "people.account.moved": (house) => house,
  "core.gone": (house) => house,
};
