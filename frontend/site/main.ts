// What every page gains when scripts run: htmx, the theme switch, table keys and small conveniences.

import "htmx.org";
import { confirmForms, copyButtons, keepDrafts, relativeTimes, sendOnChange, tableKeys, warnOfUndelivered } from "./enhance.ts";
import { themeSwitch } from "./theme.ts";

themeSwitch();
confirmForms();
copyButtons();
keepDrafts();
relativeTimes();
sendOnChange();
tableKeys();
warnOfUndelivered();
