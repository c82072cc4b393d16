import app from "./app.json";
import chat from "./chat.json";
import errors from "./errors.json";
import files from "./files.json";
import meet from "./meet.json";
import people from "./people.json";
import rule from "./rule.json";
import spaces from "./spaces.json";
import ui from "./ui.json";

export default { app, chat, errors, files, meet, people, rule, spaces, ui };
