// What the offline sealer says. The words of the tip form's questions stand in questions.ts, those about files in look.ts.
import type { Sentence } from "./say.ts";

export const OFFLINE = {
  title: { en: "Seal a tip on this computer", fr: "Sceller un signalement sur cet ordinateur" },
  lead: {
    en: "What you write here stays on this computer until you hand in the sealed letter yourself. This page has no way to send anything.",
    fr: "Ce que vous écrivez ici reste sur cet ordinateur jusqu’à ce que vous remettiez vous-même la lettre scellée. Cette page n’a aucun moyen d’envoyer quoi que ce soit.",
  },
  online: {
    en: "This computer seems to be connected. Cut the network before you go on: pull the cable, switch the wireless off.",
    fr: "Cet ordinateur semble connecté. Coupez le réseau avant de continuer : débranchez le câble, éteignez le sans-fil.",
  },

  forWhom: { en: "Whom this sealer is for", fr: "À qui cet outil est destiné" },
  rootWords: { en: "The organisation’s root key, in ten words", fr: "La clé racine de l’organisation, en dix mots" },
  compare: {
    en: "Compare them with what the organisation printed or published elsewhere, on a card for instance. If one word differs, go no further: this file is not theirs.",
    fr: "Comparez-les avec ce que l’organisation a imprimé ou publié ailleurs, sur une carte par exemple. Si un seul mot diffère, n’allez pas plus loin : ce fichier n’est pas le leur.",
  },
  rootHex: { en: "The same as a number", fr: "La même en chiffres" },
  rosterExpired: {
    en: "This sealer is out of date: its list of reviewers has ended. Download the sealer anew. By this computer’s clock today is {today}; if that is wrong, set the clock right and open this file again.",
    fr: "Cet outil est périmé : sa liste d’examinateurs a pris fin. Téléchargez-le de nouveau. D’après l’horloge de cet ordinateur, nous sommes {today} ; si c’est faux, réglez l’horloge et rouvrez ce fichier.",
  },
  rosterBad: {
    en: "This file is damaged, or somebody has changed it: the organisation’s root did not sign the list of reviewers in it. Do not use it; download it anew.",
    fr: "Ce fichier est abîmé, ou quelqu’un l’a modifié : la racine de l’organisation n’a pas signé la liste d’examinateurs qu’il contient. Ne l’utilisez pas ; téléchargez-le de nouveau.",
  },

  sheetTitle: { en: "This week’s key sheet", fr: "La feuille de clés de cette semaine" },
  sheetChoose: {
    en: "Open the file keysheet.json that you downloaded beside this one",
    fr: "Ouvrez le fichier keysheet.json que vous avez téléchargé avec celui-ci",
  },
  sheetGood: {
    en: "The key sheet is genuine. It is good until {last} (UTC). By this computer’s clock today is {today}.",
    fr: "La feuille de clés est authentique. Elle est valable jusqu’au {last} inclus (UTC). D’après l’horloge de cet ordinateur, nous sommes {today}.",
  },
  sheetSigned: {
    en: "At least {approvals} reviewers signed it, and each of these has one key on it:",
    fr: "Au moins {approvals} examinateurs l’ont signée, et chacun de ceux-ci y a une clé :",
  },
  sheetSealer: {
    en: "They also signed which file is the right sealer: the SHA-256 of sealer.html must be this. The page “Seal before you come” says how to compute it.",
    fr: "Ils ont aussi signé quel fichier est le bon : le SHA-256 de sealer.html doit être celui-ci. La page « Sceller avant de venir » dit comment le calculer.",
  },
  sheetNoSealer: {
    en: "They signed no sealer this week, so nothing on the sheet says whether this file is the right one.",
    fr: "Ils n’ont signé aucun outil cette semaine : rien sur la feuille ne dit donc si ce fichier est le bon.",
  },
  sheetMalformed: {
    en: "That is not a key sheet, or it is damaged. Choose keysheet.json as you downloaded it, or download it again.",
    fr: "Ce n’est pas une feuille de clés, ou elle est abîmée. Choisissez keysheet.json tel que vous l’avez téléchargé, ou téléchargez-le de nouveau.",
  },
  sheetSignature: {
    en: "This key sheet is not signed by enough of the reviewers. Do not seal anything to it: somebody may have swapped it. Download it again, and if this comes back, tell the organisation some other way.",
    fr: "Cette feuille de clés n’est pas signée par assez d’examinateurs. Ne scellez rien avec elle : quelqu’un l’a peut-être échangée. Téléchargez-la de nouveau, et si ce message revient, dites-le à l’organisation par une autre voie.",
  },
  sheetRoster: {
    en: "This key sheet is for another list of reviewers, or one of the reviewers is missing from it. If the organisation has just changed its reviewers, download this sealer and the key sheet anew. Else do not use it.",
    fr: "Cette feuille de clés est pour une autre liste d’examinateurs, ou l’un des examinateurs y manque. Si l’organisation vient de changer d’examinateurs, téléchargez de nouveau cet outil et la feuille de clés. Sinon, ne l’utilisez pas.",
  },
  sheetExpired: {
    en: "This key sheet is not in force today. By this computer’s clock today is {today}. If that is right, download this week’s key sheet. If it is wrong, set the clock right.",
    fr: "Cette feuille de clés n’est pas en vigueur aujourd’hui. D’après l’horloge de cet ordinateur, nous sommes {today}. Si c’est juste, téléchargez la feuille de cette semaine. Si c’est faux, réglez l’horloge.",
  },

  whatTitle: { en: "What do you want to do?", fr: "Que voulez-vous faire ?" },
  writeTip: { en: "Write a tip", fr: "Écrire un signalement" },
  useCodename: { en: "Read replies or write again", fr: "Lire les réponses ou écrire de nouveau" },

  tipTitle: { en: "Your tip", fr: "Votre signalement" },
  tipLead: {
    en: "Write what you know. One sentence is enough; everything else is optional.",
    fr: "Écrivez ce que vous savez. Une phrase suffit ; tout le reste est facultatif.",
  },
  codenameTitle: { en: "Your codename", fr: "Votre nom de code" },
  codenameWrite: {
    en: "Write these eight words down now, on paper, in this order. They are the only way back to this conversation: nobody can look them up or give you new ones. Keep the paper where nobody finds it, and never show it to anybody.",
    fr: "Notez ces huit mots maintenant, sur papier, dans cet ordre. Ils sont le seul moyen de revenir à cette conversation : personne ne peut les retrouver ni vous en donner d’autres. Gardez le papier là où personne ne le trouvera, et ne le montrez jamais à personne.",
  },
  keysMaking: {
    en: "Its keys are being made on this device. That takes a moment on purpose: it slows down anybody who tries codenames. You can write meanwhile.",
    fr: "Ses clés sont fabriquées sur cet appareil. Cela prend un moment, exprès : c’est ce qui ralentit quiconque essaierait des noms de code. Vous pouvez écrire en attendant.",
  },
  keysMade: { en: "Its keys are ready.", fr: "Ses clés sont prêtes." },
  story: { en: "Your story", fr: "Votre récit" },
  message: { en: "Your message", fr: "Votre message" },
  storyHint: {
    en: "In your own words, in any language. Who sells what, where, since when? How do you know? Leave out what could point to you.",
    fr: "Avec vos propres mots, dans n’importe quelle langue. Qui vend quoi, où, depuis quand ? Comment le savez-vous ? Omettez ce qui pourrait vous désigner.",
  },
  danger: { en: "Somebody is in danger now", fr: "Quelqu’un est en danger maintenant" },
  dangerTitle: {
    en: "Nobody may read this for a day or more. Do not wait for us.",
    fr: "Il se peut que personne ne lise ceci avant un jour ou plus. Ne nous attendez pas.",
  },
  dangerGo: {
    en: "If you can, go to a place with other people, away from those you are afraid of.",
    fr: "Si vous le pouvez, allez dans un endroit où il y a du monde, loin de ceux que vous craignez.",
  },
  dangerCall: {
    en: "Call the emergency number of your country, if that is safe for you. In many countries it is 112 or 911.",
    fr: "Appelez le numéro d’urgence de votre pays, si cela est sans danger pour vous. Dans beaucoup de pays, c’est le 112 ou le 911.",
  },
  dangerDoNot: {
    en: "Do not confront anybody, and do not collect more evidence.",
    fr: "N’affrontez personne, et ne cherchez pas d’autres preuves.",
  },
  noAnswer: { en: "No answer", fr: "Pas de réponse" },
  aboutNames: { en: "About the suggested names:", fr: "À propos des noms suggérés :" },
  notToTitle: { en: "Somebody who must not read this?", fr: "Quelqu’un qui ne doit pas lire ceci ?" },
  notToLegend: { en: "Not to be read by", fr: "À ne pas faire lire à" },
  notToHint: {
    en: "Those you tick cannot read it, the others can. At least {approvals} must remain.",
    fr: "Ceux que vous cochez ne pourront pas le lire, les autres si. Il doit en rester au moins {approvals}.",
  },
  notToAgain: {
    en: "Nothing here remembers whom you left out. If you left somebody out before, tick the same again.",
    fr: "Rien ici ne retient qui vous avez écarté. Si vous avez écarté quelqu’un auparavant, cochez de nouveau les mêmes.",
  },
  files: { en: "Photos and files", fr: "Photos et fichiers" },
  filesHint: {
    en: "Up to 100. Each is looked at on this device before it is sealed, for what could give you away.",
    fr: "Jusqu’à 100. Chacun est examiné sur cet appareil avant d’être scellé, pour ce qui pourrait vous trahir.",
  },
  filesWhat: { en: "What to seal of {name}", fr: "Ce qu’il faut sceller de {name}" },
  seal: { en: "Seal the letter", fr: "Sceller la lettre" },
  sealHint: {
    en: "It is sealed on this computer and then saved as one file, letter.age.",
    fr: "Elle est scellée sur cet ordinateur, puis enregistrée en un fichier, letter.age.",
  },

  wrong: { en: "Something must be put right first:", fr: "Il faut d’abord corriger quelque chose :" },
  wrongEmpty: {
    en: "There is neither a story nor a file. Write a sentence or choose a file.",
    fr: "Il n’y a ni récit ni fichier. Écrivez une phrase ou choisissez un fichier.",
  },
  wrongLong: {
    en: "“{field}” is longer than {most} characters. Shorten it and put the rest into your story.",
    fr: "« {field} » dépasse {most} caractères. Raccourcissez et mettez le reste dans votre récit.",
  },
  wrongTogether: {
    en: "All answers together are too long. Shorten “{field}” and put the rest into your story.",
    fr: "Toutes les réponses ensemble sont trop longues. Raccourcissez « {field} » et mettez le reste dans votre récit.",
  },
  wrongControl: {
    en: "“{field}” holds a character that cannot be shown. Type it again by hand.",
    fr: "« {field} » contient un caractère qui ne peut pas être affiché. Saisissez-le de nouveau à la main.",
  },
  wrongReaders: {
    en: "Too many are left out: at least {approvals} reviewers must be able to read it.",
    fr: "Trop de personnes sont écartées : au moins {approvals} examinateurs doivent pouvoir le lire.",
  },
  wrongFiles: {
    en: "There are more than 100 files. Seal the others as a second letter with the same codename.",
    fr: "Il y a plus de 100 fichiers. Scellez les autres dans une deuxième lettre avec le même nom de code.",
  },
  wrongUndecided: {
    en: "Say for each file how it shall be sealed.",
    fr: "Dites pour chaque fichier comment il doit être scellé.",
  },
  wrongNumber: {
    en: "The number of the letter must be between {least} and 1,000,000.",
    fr: "Le numéro de la lettre doit être compris entre {least} et 1 000 000.",
  },
  wrongMuch: {
    en: "It is too much for one letter. Shorten the story, or seal some files as a second letter.",
    fr: "C’est trop pour une seule lettre. Raccourcissez le récit, ou scellez une partie des fichiers dans une deuxième lettre.",
  },
  wrongRead: {
    en: "A file could not be read. Is it still where it was? Choose it again.",
    fr: "Un fichier n’a pas pu être lu. Est-il toujours au même endroit ? Choisissez-le de nouveau.",
  },
  wrongClean: {
    en: "A clean copy could not be made after all, so nothing was sealed. Choose the original of that file, or leave it out.",
    fr: "Une copie nettoyée n’a finalement pas pu être faite : rien n’a été scellé. Choisissez l’original de ce fichier, ou retirez-le.",
  },
  wrongBroken: {
    en: "That did not work, and nothing was saved. Reload this page and try again; if it comes back, try another browser.",
    fr: "Cela n’a pas marché, et rien n’a été enregistré. Rechargez cette page et réessayez ; si cela revient, essayez un autre navigateur.",
  },

  sealing: { en: "The letter is being sealed.", fr: "La lettre est en train d’être scellée." },
  sealed: { en: "{done} of {all}", fr: "{done} sur {all}" },
  left: { en: "about {seconds} s left", fr: "encore environ {seconds} s" },
  cancel: { en: "Cancel", fr: "Annuler" },

  doneTitle: { en: "Your letter is sealed", fr: "Votre lettre est scellée" },
  doneLead: {
    en: "Only these reviewers can open it. Not you either, and nobody on the way:",
    fr: "Seuls ces examinateurs peuvent l’ouvrir. Pas vous non plus, ni personne en chemin :",
  },
  save: { en: "Save letter.age ({size})", fr: "Enregistrer letter.age ({size})" },
  nextTitle: { en: "What happens next", fr: "Et ensuite ?" },
  nextCodename: { en: "Check that the eight words stand on your paper.", fr: "Vérifiez que les huit mots sont sur votre papier." },
  nextClose: {
    en: "Save the letter, then close this page: what you wrote is gone then.",
    fr: "Enregistrez la lettre, puis fermez cette page : ce que vous avez écrit disparaît alors.",
  },
  nextHand: {
    en: "Connect again, open the organisation’s address with Tor Browser, and hand in letter.age on the page “Hand in a sealed letter”, before {last} is over (UTC).",
    fr: "Reconnectez-vous, ouvrez l’adresse de l’organisation avec le Tor Browser, et remettez letter.age à la page « Remettre une lettre scellée », avant la fin du {last} (UTC).",
  },
  nextDelete: {
    en: "Then delete letter.age, and the files you downloaded. You need none of them again.",
    fr: "Supprimez ensuite letter.age et les fichiers téléchargés. Vous n’en aurez plus besoin.",
  },
  nextReplies: {
    en: "The reviewers fetch letters about once a day. Come back in two or three days for replies.",
    fr: "Les examinateurs relèvent les lettres environ une fois par jour. Revenez dans deux ou trois jours pour les réponses.",
  },

  backTitle: { en: "Replies, and writing again", fr: "Réponses, et écrire de nouveau" },
  backLead: { en: "Type the eight words of your codename.", fr: "Saisissez les huit mots de votre nom de code." },
  codename: { en: "Codename", fr: "Nom de code" },
  codenameHint: {
    en: "With a space between the words. A typing error is noticed.",
    fr: "Avec une espace entre les mots. Une faute de frappe est remarquée.",
  },
  open: { en: "Open", fr: "Ouvrir" },
  codenameCount: {
    en: "A codename is eight words with a space between them. Check them and try again.",
    fr: "Un nom de code est fait de huit mots séparés par une espace. Vérifiez et réessayez.",
  },
  codenameUnknown: {
    en: "Word {position} is not on the list. Check its spelling.",
    fr: "Le mot {position} n’est pas sur la liste. Vérifiez son orthographe.",
  },
  codenameCheck: {
    en: "Each word is on the list, but they do not belong together. Check the spelling and the order.",
    fr: "Chaque mot est sur la liste, mais ils ne vont pas ensemble. Vérifiez l’orthographe et l’ordre.",
  },
  shelfTitle: { en: "Read replies", fr: "Lire les réponses" },
  shelfAll: {
    en: "Download all replies with Tor Browser: the organisation’s address, followed by",
    fr: "Téléchargez toutes les réponses avec le Tor Browser : l’adresse de l’organisation, suivie de",
  },
  shelfOne: {
    en: "Download your shelf with Tor Browser: the organisation’s address, followed by",
    fr: "Téléchargez votre rayon avec le Tor Browser : l’adresse de l’organisation, suivie de",
  },
  shelfAllTells: {
    en: "Everybody downloads the same, so it tells nothing about you.",
    fr: "Tout le monde télécharge la même chose : cela ne dit rien de vous.",
  },
  shelfOneTells: {
    en: "This name tells {bits} bits of your codename’s shelf and no more. Many others share it.",
    fr: "Ce nom révèle {bits} bits du rayon de votre nom de code, et rien de plus. Beaucoup d’autres le partagent.",
  },
  shelfNoSheet: {
    en: "Which shelf you must download stands on the key sheet: open it above first.",
    fr: "Le rayon à télécharger figure sur la feuille de clés : ouvrez-la d’abord ci-dessus.",
  },
  shelfChoose: { en: "Open the file that you downloaded", fr: "Ouvrez le fichier téléchargé" },
  shelfReading: { en: "{done} of {all} tried", fr: "{done} essayées sur {all}" },
  shelfBad: {
    en: "That is not a shelf as it was downloaded. Download it again, whole.",
    fr: "Ce n’est pas un rayon tel qu’il a été téléchargé. Téléchargez-le de nouveau, en entier.",
  },
  replies: { en: "Replies", fr: "Réponses" },
  repliesLead: {
    en: "The newest stands first. They are kept for some weeks only, so note what you need.",
    fr: "La plus récente est en tête. Elles ne sont conservées que quelques semaines : notez ce dont vous avez besoin.",
  },
  repliesNone: {
    en: "There is nothing in this file for this codename. Reviewers answer when they can: download it again in some days. If you mixed two codenames, it looks the same.",
    fr: "Il n’y a rien dans ce fichier pour ce nom de code. Les examinateurs répondent quand ils le peuvent : téléchargez-le de nouveau dans quelques jours. Si vous avez mélangé deux noms de code, cela se présente de la même façon.",
  },
  repliesOld: {
    en: "A reply that was written under an earlier list of reviewers does not show here.",
    fr: "Une réponse écrite sous une liste d’examinateurs antérieure n’apparaît pas ici.",
  },
  from: { en: "From {reviewer}", fr: "De {reviewer}" },
  replyAbout: {
    en: "Number {number} of this reviewer, written in week {week}, after reading your letter {seen}",
    fr: "Numéro {number} de cet examinateur, écrite la semaine {week}, après lecture de votre lettre {seen}",
  },
  gaps: { en: "Something is missing.", fr: "Il manque quelque chose." },
  gapsLead: {
    en: "A reviewer wrote these too, but they are not here: they were kept too long, or somebody holds them back. Ask about them in your next message.",
    fr: "Un examinateur a aussi écrit celles-ci, mais elles ne sont pas là : leur durée de conservation est passée, ou quelqu’un les retient. Demandez-les dans votre prochain message.",
  },
  gap: { en: "Number {number} from {reviewer}", fr: "Numéro {number} de {reviewer}" },
  againTitle: { en: "Write again", fr: "Écrire de nouveau" },
  againNoSheet: {
    en: "To seal a message, open this week’s key sheet above first.",
    fr: "Pour sceller un message, ouvrez d’abord la feuille de clés de cette semaine ci-dessus.",
  },
  number: { en: "Number of this letter", fr: "Numéro de cette lettre" },
  numberHint: {
    en: "Your tip was letter 1. If you have handed in others since, count them too. With replies opened above, it is at least one more than the last letter that a reviewer had read.",
    fr: "Votre signalement était la lettre 1. Si vous en avez remis d’autres depuis, comptez-les aussi. Si des réponses sont ouvertes ci-dessus, c’est au moins un de plus que la dernière lettre lue par un examinateur.",
  },
} as const satisfies Record<string, Sentence>;

/** A sentence of the offline sealer. */
export type Word = keyof typeof OFFLINE;
