// Where the offline sealer starts: the same script is the page and, in a Worker, the sealing.
import { openPage } from "./page.ts";
import { work } from "./worker.ts";

if (typeof document === "undefined") work();
else openPage(document.currentScript?.textContent ?? "");
