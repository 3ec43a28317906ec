// What every page of the desk starts.

import { startAnswers } from "./answers.js";
import { startClocks } from "./clock.js";
import { startDialogs } from "./dialog.js";
import { startKept } from "./kept.js";
import { startLive } from "./live.js";
import { startMenus } from "./menu.js";
import { startPalette } from "./palette.js";
import { startPanes } from "./panes.js";
import { startShell } from "./shell.js";
import { startShortcuts } from "./shortcuts.js";
import { startToasts } from "./toast.js";

startAnswers();
startKept();
startToasts();
startDialogs();
startMenus();
startPanes();
startClocks();
startShortcuts();
startPalette();
startShell();
startLive();
document.documentElement.dataset.ready = "yes";
