// What is said about files before they are sent. What was found in them stands in look.ts.
import type { Sentence } from "./say.ts";

export const FILES = {
  found: { en: "What was found in your files", fr: "Ce qui a été trouvé dans vos fichiers" },
  looking: { en: "Looking into it, on your device …", fr: "Examen en cours, sur votre appareil…" },
  nothing: { en: "Nothing was found in it that points to you.", fr: "Rien n’y a été trouvé qui mène à vous." },
  shows: { en: "It tells:", fr: "Il révèle :" },
  unseen: { en: "What no program sees here, so look yourself:", fr: "Ce qu’aucun programme ne voit ici ; regardez vous-même :" },
  loses: { en: "The clean copy loses:", fr: "La copie nettoyée perd :" },
  legend: { en: "What to send of {name}", fr: "Ce qu’il faut envoyer de {name}" },
  clean: { en: "A clean copy, without all that, under the name {name}", fr: "Une copie nettoyée, sans tout cela, sous le nom {name}" },
  original: {
    en: "The original, as it is. Better evidence, if it cannot hurt you.",
    fr: "L’original, tel quel. Une meilleure preuve, si cela ne peut pas vous nuire.",
  },
  both: { en: "Both", fr: "Les deux" },
  none: { en: "Leave it out", fr: "Ne pas l’envoyer" },
  failed: {
    en: "The look into it failed, so nobody can say what it tells.",
    fr: "L’examen a échoué : personne ne peut dire ce qu’il révèle.",
  },
  decide: { en: "Choose first what to send of {name}.", fr: "Choisissez d’abord ce qu’il faut envoyer de {name}." },
  wait: { en: "Your files are still being looked into. One moment.", fr: "Vos fichiers sont encore examinés. Un instant." },
  asTheyAre: {
    en: "The script broke, so no clean copy can be made. Files that you choose now leave as they are, with all that they tell about you.",
    fr: "Le script est en panne : aucune copie nettoyée n’est possible. Les fichiers que vous choisissez maintenant partent tels quels, avec tout ce qu’ils révèlent de vous.",
  },
  tooMany: {
    en: "More than 100 files do not fit into one letter. Send the others as a message after it.",
    fr: "Une lettre ne contient pas plus de 100 fichiers. Envoyez les autres dans un message suivant.",
  },
} as const satisfies Record<string, Sentence>;
