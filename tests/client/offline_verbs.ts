import { readFileSync } from "node:fs";

import { WordList } from "../../submission/client/src/core/codename.ts";
import { rootWords } from "../../submission/client/src/core/rootwords.ts";
import { parseAnswers } from "../../submission/client/src/offline/answers.ts";
import { inWords, lastDay } from "../../submission/client/src/offline/days.ts";
import { FIELDS } from "../../submission/client/src/offline/questions.ts";
import { GROUP_TITLES, OPTIONS, QUESTIONS } from "../../submission/client/src/words/questions.ts";
import type { Task, Verb } from "./task.ts";

export const offlineVerbs: Readonly<Record<string, Verb>> = {
  answers: (task) => parseAnswers(task.object("fields") as Record<string, string>),
  fields: () => FIELDS,
  questions: () => ({ groups: GROUP_TITLES, questions: QUESTIONS, options: OPTIONS }),
  root_words: (task) => rootWords(task.bytes("root"), WordList.parse(new Uint8Array(readFileSync(task.text("words"))))),
  last_day: (task: Task) => lastDay(task.text("week")),
  day_in_words: (task: Task) => [inWords("en", task.text("day")), inWords("fr", task.text("day"))],
};
