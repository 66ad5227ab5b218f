// The client's core, for a Python that asks. Each line of standard input is a task, `{"verb": …, …}`; its answer is one
// line, `{"ok": value}`, or `{"refused": kind}` where the client refuses. Anything else that is thrown is `{"failed": words}`
// and fails the test. Bytes are base64. More verbs: add a file beside core_verbs.ts, and it to the list below.
import { createInterface } from "node:readline";

import { LapwingError } from "../../submission/client/src/core/errors.ts";
import { claimVerbs } from "./claim_verbs.ts";
import { coreVerbs } from "./core_verbs.ts";
import { lookVerbs } from "./look_verbs.ts";
import { offlineVerbs } from "./offline_verbs.ts";
import { sealingVerbs } from "./sealing_verbs.ts";
import { Task, type Verb } from "./task.ts";

const verbs: Readonly<Record<string, Verb>> = { ...claimVerbs, ...coreVerbs, ...lookVerbs, ...offlineVerbs, ...sealingVerbs };

async function answer(task: Task): Promise<object> {
  try {
    const verb = verbs[task.text("verb")];
    if (verb === undefined) return { failed: "no such verb" };
    return { ok: await verb(task) };
  } catch (error) {
    if (error instanceof LapwingError) return { refused: error.kind, ...error };
    return { failed: String(error instanceof Error ? error.stack : error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(new Task(line)))}\n`);
}
