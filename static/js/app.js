// Small helps for every page. Each works on markup that is already useful without it.

import { startClocks } from "./clock.js";
import { startForms } from "./forms.js";
import { startDrops } from "./drop.js";
import { startMenus, startTheme } from "./menus.js";
import { startScrolling } from "./scroll.js";

startMenus();
startTheme();
startClocks();
startForms();
startDrops();
startScrolling();
