// What every page gains when scripts run: htmx, theme and text size, table keys and small conveniences.

import "htmx.org";
import { confirmForms, copyButtons, keepDrafts, relativeTimes, sendOnChange, tableKeys, warnOfUndelivered } from "./enhance.ts";
import { readingControls } from "./reading.ts";

readingControls();
confirmForms();
copyButtons();
keepDrafts();
relativeTimes();
sendOnChange();
tableKeys();
warnOfUndelivered();
