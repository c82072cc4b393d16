import administration from "./administration.json";
import app from "./app.json";
import audit from "./audit.json";
import chat from "./chat.json";
import errors from "./errors.json";
import files from "./files.json";
import guests from "./guests.json";
import labels from "./labels.json";
import meet from "./meet.json";
import people from "./people.json";
import refusals from "./refusals.json";
import rule from "./rule.json";
import spaces from "./spaces.json";
import ui from "./ui.json";

export default {
  administration,
  app,
  audit,
  chat,
  errors,
  files,
  guests,
  labels,
  meet,
  people,
  refusals,
  rule,
  spaces,
  ui,
};
