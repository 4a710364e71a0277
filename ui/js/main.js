// The main window begins here. All that the first screen shows is asked at once.

import "./elements/code-field.js";
import "./elements/data-table.js";
import "./elements/drill-phone.js";
import "./elements/modal-dialog.js";
import "./elements/secret-text.js";
import "./elements/toast-list.js";
import { startApp } from "./app.js";
import { readCatalogue } from "./catalogue.js";
import { readSituation } from "./commands.js";

const [situation, en, fr] = await Promise.all([readSituation({}), readCatalogue("en"), readCatalogue("fr")]);
await startApp(situation, { en, fr });
