// What the workbench's page has of every page's controls: theme and text size.

import { readingControls } from "./reading.ts";

readingControls();
