// The composer's place on the page: starts what the server put there, and passes on what happens around it.

import { startClosing } from "./composer-closing.js";
import { followOther } from "./composer-draft.js";
import { Composer } from "./composer-form.js";
import { Turns } from "./composer-turns.js";

const NEWS_MS = 250; // a burst of news is one look
const LOOK_MS = 20_000;

const turns = new Turns((root, before) => new Composer(root, turns, before));

let asking = 0;
for (const name of ["desk:conversation", "desk:reload", "desk:online"]) {
  document.body.addEventListener(name, ({ detail }) => {
    if (!turns.current || (detail?.id && detail.id !== turns.current.conversation)) return;
    clearTimeout(asking);
    asking = setTimeout(() => turns.ask(), NEWS_MS);
  });
}
setInterval(() => { if (turns.current && !document.hidden) turns.ask(); }, LOOK_MS);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-insert]");
  if (button && !button.closest("[data-composer]")) turns.current?.aside?.insert(button.dataset);
});
document.body.addEventListener("conversation:wrote", () => turns.current?.saying?.forget("sent"));
addEventListener("storage", (event) => turns.current && followOther(turns.current, event));
addEventListener("focus", () => turns.current?.preview?.lookIfUnknown());
startClosing(turns);
document.body.addEventListener("htmx:load", () => turns.begin());
turns.begin();
