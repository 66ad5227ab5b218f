// What went wrong, and what to do: by the words in which the worker and the transport tell it.
import type { Sentence } from "./say.ts";

/** Why this page seals nothing, by what was refused and how. */
export const REFUSED: Readonly<Record<string, Sentence>> = {
  "roster signature": {
    en: "The list of reviewers that this machine gave out is not signed by the organisation. Somebody may have changed it. Nothing will be sealed to it: do not send anything here, also not on arrival, and tell the organisation another way.",
    fr: "La liste des examinateurs donnée par cette machine n’est pas signée par l’organisation. Quelqu’un l’a peut-être changée. Rien ne sera scellé pour elle : n’envoyez rien ici, pas non plus à l’arrivée, et prévenez l’organisation autrement.",
  },
  "roster malformed": {
    en: "The list of reviewers that this machine gave out is damaged. Nothing will be sealed to it. Try again later; if it stays, somebody may have changed it: send nothing here.",
    fr: "La liste des examinateurs donnée par cette machine est endommagée. Rien ne sera scellé pour elle. Réessayez plus tard ; si cela dure, quelqu’un l’a peut-être changée : n’envoyez rien ici.",
  },
  "roster expired": {
    en: "By your device's clock, the list of reviewers is no longer valid. If your clock is right, the organisation has to renew the list; come back in a few days.",
    fr: "D’après l’horloge de votre appareil, la liste des examinateurs n’est plus valable. Si l’horloge est juste, l’organisation doit la renouveler ; revenez dans quelques jours.",
  },
  "sheet signature": {
    en: "This week's keys are not signed by enough reviewers. Somebody may have put their own keys there to read along. Nothing will be sealed to them: do not send anything here, also not on arrival.",
    fr: "Les clés de cette semaine ne sont pas signées par assez d’examinateurs. Quelqu’un y a peut-être mis les siennes pour lire. Rien ne sera scellé avec elles : n’envoyez rien ici, pas non plus à l’arrivée.",
  },
  "sheet roster": {
    en: "This week's keys do not belong to these reviewers, or one of them is missing. Nothing will be sealed to them: do not send anything here, also not on arrival.",
    fr: "Les clés de cette semaine n’appartiennent pas à ces examinateurs, ou l’un d’eux manque. Rien ne sera scellé avec elles : n’envoyez rien ici, pas non plus à l’arrivée.",
  },
  "sheet malformed": {
    en: "This week's keys, as this machine gave them out, are damaged. Nothing will be sealed to them. Try again later; if it stays, send nothing here.",
    fr: "Les clés de cette semaine, telles que cette machine les donne, sont endommagées. Rien ne sera scellé avec elles. Réessayez plus tard ; si cela dure, n’envoyez rien ici.",
  },
  "sheet expired": {
    en: "By your device's clock, the keys that this machine gave out are not those of this week: old keys may be in the wrong hands. Nothing will be sealed to them. Check the date of your device. If it is right, come back in a few days.",
    fr: "D’après l’horloge de votre appareil, les clés données par cette machine ne sont pas celles de cette semaine : d’anciennes clés sont peut-être en de mauvaises mains. Rien ne sera scellé avec elles. Vérifiez la date de votre appareil. Si elle est juste, revenez dans quelques jours.",
  },
  "bundle other": {
    en: "The script of this page is another one than the reviewers signed this week. It may have been renewed just now, or changed by somebody. It will seal nothing. Seal before you come, or come back next week.",
    fr: "Le script de cette page n’est pas celui que les examinateurs ont signé cette semaine. Il vient peut-être d’être renouvelé, ou quelqu’un l’a changé. Il ne scellera rien. Scellez avant de venir, ou revenez la semaine prochaine.",
  },
  "words key": {
    en: "The word list for codenames did not arrive as it must be. Load the page again.",
    fr: "La liste de mots pour les noms de code n’est pas arrivée comme il faut. Rechargez la page.",
  },
  "letter too_much": {
    en: "That is too much for one letter. Shorten the answers, or send some of the files as a message after it.",
    fr: "C’est trop pour une lettre. Raccourcissez les réponses, ou envoyez une partie des fichiers dans un message suivant.",
  },
  "file gone": {
    en: "A file can no longer be read: it was moved, changed or deleted since you chose it. Choose it again.",
    fr: "Un fichier ne peut plus être lu : il a été déplacé, modifié ou effacé depuis que vous l’avez choisi. Choisissez-le de nouveau.",
  },
  claims: {
    en: "The script for claim words did not come, or is not the one that this page knows. Try again, or send without claim words: they can follow with a later message.",
    fr: "Le script pour les mots de preuve n’est pas venu, ou n’est pas celui que cette page connaît. Réessayez, ou envoyez sans mots de preuve : ils pourront suivre avec un message ultérieur.",
  },
  look: {
    en: "No clean copy of one of the files could be made after all. Choose for it what shall be sent.",
    fr: "Finalement, aucune copie nettoyée d’un des fichiers n’a pu être faite. Choisissez ce qu’il faut en envoyer.",
  },
  broken: {
    en: "Something broke in the script of this page. Try again, or load the page again and copy over what you wrote.",
    fr: "Quelque chose s’est cassé dans le script de cette page. Réessayez, ou rechargez la page en y recopiant ce que vous avez écrit.",
  },
};

/** What is wrong with a codename that was typed. */
export const CODENAME: Readonly<Record<string, Sentence>> = {
  count: {
    en: "A codename is eight words with a space between them. Check each word and try again.",
    fr: "Un nom de code est fait de huit mots séparés par une espace. Vérifiez chaque mot et réessayez.",
  },
  unknown: {
    en: "Word number {position} is not one that we use. Check how it is written and try again.",
    fr: "Le mot numéro {position} n’est pas un de ceux que nous utilisons. Vérifiez comment il s’écrit et réessayez.",
  },
  check: {
    en: "The last word does not fit the other seven, so one of the words was mistyped. Check each word and try again.",
    fr: "Le dernier mot ne va pas avec les sept autres : l’un des mots a été mal tapé. Vérifiez chaque mot et réessayez.",
  },
};

/** Why something did not arrive. */
export const TROUBLE = {
  unreachable: {
    en: "This machine cannot be reached just now. Your connection may be broken. What has arrived stays there: when you go on, only the rest is sent.",
    fr: "Cette machine ne peut pas être jointe en ce moment. Votre connexion est peut-être coupée. Ce qui est arrivé y reste : si vous continuez, seul le reste est envoyé.",
  },
  wait: {
    en: "This machine asks you to wait {time} minutes. Keep this tab open and go on after that; what has arrived stays there.",
    fr: "Cette machine vous demande d’attendre {time} minutes. Gardez cet onglet ouvert et continuez ensuite ; ce qui est arrivé y reste.",
  },
  closed: {
    en: "Lapwing is closed just now: there are no valid keys to seal a tip with. Please come back in a few days.",
    fr: "Lapwing est fermé en ce moment : il n’y a pas de clés valables pour sceller un signalement. Revenez dans quelques jours.",
  },
  full: {
    en: "There is no room for files just now. Words can still be sent: stop, take the files out, and send the story without them. The files can follow later, with your codename.",
    fr: "Il n’y a pas de place pour des fichiers en ce moment. Des mots peuvent toujours être envoyés : arrêtez, enlevez les fichiers et envoyez le récit sans eux. Les fichiers pourront suivre plus tard, avec votre nom de code.",
  },
  keys: {
    en: "The keys changed while your letter was on its way, so it was not taken. Try again: it is then sealed to the new keys.",
    fr: "Les clés ont changé pendant que votre lettre était en route ; elle n’a pas été acceptée. Réessayez : elle sera scellée avec les nouvelles clés.",
  },
  fault: {
    en: "This machine did not take what was sent to it. Try again, or load the page again and copy over what you wrote.",
    fr: "Cette machine n’a pas accepté ce qui lui a été envoyé. Réessayez, ou rechargez la page en y recopiant ce que vous avez écrit.",
  },
} as const satisfies Record<string, Sentence>;
