// What the scripted page says while it works. What stands on it from the beginning is in the intake's own templates.
import type { Sentence } from "./say.ts";

export const PAGE = {
  checking: { en: "Checking to whom your tip will be sealed …", fr: "Vérification de ceux à qui votre signalement sera scellé…" },
  checkingMailbox: { en: "Checking who may answer you …", fr: "Vérification de ceux qui peuvent vous répondre…" },
  keys: {
    en: "Keys are being made from your codename. That takes some seconds on purpose: it slows down whoever tries codenames. You can write meanwhile.",
    fr: "Des clés sont fabriquées à partir de votre nom de code. Cela prend quelques secondes, exprès : c’est ce qui ralentit quiconque essaierait des noms de code. Vous pouvez écrire en attendant.",
  },
  keysMailbox: {
    en: "Keys are being made from your codename. That takes some seconds on purpose: it slows down whoever tries codenames.",
    fr: "Des clés sont fabriquées à partir de votre nom de code. Cela prend quelques secondes, exprès : c’est ce qui ralentit quiconque essaierait des noms de code.",
  },
  keysBar: { en: "Keys", fr: "Clés" },
  ready: {
    en: "Ready. Checked on this device: your tip can be sealed to all {readers} reviewers, with the keys of week {week}.",
    fr: "Prêt. Vérifié sur cet appareil : votre signalement peut être scellé pour les {readers} examinateurs, avec les clés de la semaine {week}.",
  },
  readyMailbox: { en: "Ready. Checked on this device who may answer you.", fr: "Prêt. Ceux qui peuvent vous répondre ont été vérifiés sur cet appareil." },
  codenameLater: { en: "Your codename appears here in a moment; it is made on this device.", fr: "Votre nom de code apparaîtra ici dans un instant ; il est fabriqué sur cet appareil." },

  choose: { en: "Choose first how it shall be sealed.", fr: "Choisissez d’abord comment le sceller." },
  chooseMailbox: { en: "Choose first where your replies shall be opened.", fr: "Choisissez d’abord où ouvrir vos réponses." },
  empty: { en: "There is nothing to send yet. Write a few words, or choose a file. One sentence is enough.", fr: "Il n’y a encore rien à envoyer. Écrivez quelques mots ou choisissez un fichier. Une phrase suffit." },
  tooFewReaders: {
    en: "Too few people are left to read this: at least {least} must remain. Leave out fewer of them.",
    fr: "Il reste trop peu de personnes pour lire ceci : il en faut au moins {least}. Écartez-en moins.",
  },
  answer: {
    en: "One of the answers cannot be used. Shorten the longest or clear it, and put the rest into the story.",
    fr: "Une des réponses ne peut pas être utilisée. Raccourcissez la plus longue ou effacez-la, et mettez le reste dans le récit.",
  },
  tooLarge: {
    en: "These files are over {most} together. Send the most important ones first, the others as a message after it.",
    fr: "Ces fichiers dépassent {most} ensemble. Envoyez d’abord les plus importants, puis les autres dans un message suivant.",
  },

  working: { en: "Sealing and sending", fr: "Scellement et envoi" },
  waitKeys: { en: "Waiting for the keys of your codename …", fr: "En attente des clés de votre nom de code…" },
  waitClaim: { en: "Waiting for your claim words …", fr: "En attente de vos mots de preuve…" },
  claimBar: { en: "Claim words", fr: "Mots de preuve" },
  claimReady: { en: "Your claim words are ready. They are shown when everything has arrived.", fr: "Vos mots de preuve sont prêts. Ils seront montrés quand tout sera arrivé." },
  claimFailed: { en: "No claim words could be made.", fr: "Aucun mot de preuve n’a pu être créé." },
  sealing: { en: "It is being sealed on this device, and sent in pieces.", fr: "Scellement sur cet appareil, et envoi par morceaux." },
  sending: { en: "All is sealed. The pieces are being sent.", fr: "Tout est scellé. Les morceaux sont en cours d’envoi." },
  lastPiece: { en: "All pieces have arrived. The letter itself goes last.", fr: "Tous les morceaux sont arrivés. La lettre elle-même part en dernier." },
  sealedOf: { en: "Sealed: {done} of {of}", fr: "Scellé : {done} sur {of}" },
  sentOf: { en: "Arrived: {done} of about {of}", fr: "Arrivé : {done} sur environ {of}" },
  retrying: {
    en: "This machine did not answer, or asks to wait. Trying again in {time} seconds; nothing is lost.",
    fr: "Cette machine n’a pas répondu, ou demande d’attendre. Nouvel essai dans {time} secondes ; rien n’est perdu.",
  },
  seconds: { en: "about {time} seconds left", fr: "encore {time} secondes environ" },
  minutes: { en: "about {time} minutes left", fr: "encore {time} minutes environ" },
  stop: { en: "Stop", fr: "Arrêter" },
  goOn: { en: "Go on", fr: "Continuer" },
  again: { en: "Try again", fr: "Réessayer" },
  otherWay: { en: "Choose another way", fr: "Choisir une autre façon" },
  slow: {
    en: "To seal all of this takes about {time} minutes on this device. You can wait; the page goes on. Or stop and choose another way: on arrival it takes no time here, but this machine could read it; before you come it is safest, and takes a computer of yours and a quarter of an hour. You can also send the story now and large files later.",
    fr: "Tout sceller prend environ {time} minutes sur cet appareil. Vous pouvez attendre ; la page continue. Ou arrêtez et choisissez une autre façon : à l’arrivée, cela ne prend pas de temps ici, mais cette machine pourrait le lire ; avant de venir est le plus sûr, et demande un ordinateur à vous et un quart d’heure. Vous pouvez aussi envoyer le récit maintenant et les gros fichiers plus tard.",
  },
  stopped: {
    en: "Stopped. What you wrote is still here. The letter that joins the pieces was not sent, so nobody reads those that have arrived; they expire.",
    fr: "Arrêté. Ce que vous avez écrit est toujours là. La lettre qui réunit les morceaux n’est pas partie ; personne ne lit donc ceux qui sont arrivés, et ils expirent.",
  },
  kept: { en: "Nothing was sent in clear, and what you wrote is still here.", fr: "Rien n’a été envoyé en clair, et ce que vous avez écrit est toujours là." },
  maybe: {
    en: "The letter may have arrived without the answer coming back. Sending it again does no harm.",
    fr: "La lettre est peut-être arrivée sans que la réponse revienne. La renvoyer ne fait pas de mal.",
  },

  opening: { en: "Opening your replies", fr: "Ouverture de vos réponses" },
  fetching: { en: "Your shelf is being fetched: everything on it, for you and for others.", fr: "Votre étagère est en cours de téléchargement : tout ce qui s’y trouve, pour vous et pour d’autres." },
  fetched: { en: "Fetched: {done}", fr: "Reçu : {done}" },
  trying: { en: "Each letter is tried with your keys, on this device.", fr: "Chaque lettre est essayée avec vos clés, sur cet appareil." },
  tried: { en: "Tried: {done} of {of}", fr: "Essayé : {done} sur {of}" },
  noSheet: {
    en: "There is no valid key sheet just now, so nothing can be sent; replies can still be read.",
    fr: "Il n’y a pas de feuille de clés valable en ce moment : rien ne peut être envoyé, mais les réponses peuvent être lues.",
  },
  deviceStopped: { en: "Stopped. Nothing about your codename was sent.", fr: "Arrêté. Rien de votre nom de code n’a été envoyé." },
} as const satisfies Record<string, Sentence>;
