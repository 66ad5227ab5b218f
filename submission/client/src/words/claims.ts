// What is said about claim words: choosing them, and answering an agency with them, in the page and in the offline sealer.
import type { Sentence } from "./say.ts";

export const CLAIMS = {
  chooseTitle: { en: "Prove later that you wrote it?", fr: "Prouver plus tard que vous l’avez écrit ?" },
  chooseWhat: {
    en: "Some laws pay a reward, years later, to whoever can show that a tip was theirs. For that you can get four claim words of your own, besides the codename. An agency then sends a challenge, and with the words you answer it here, without your name.",
    fr: "Certaines lois récompensent, des années plus tard, qui peut montrer qu’un signalement est de lui. Pour cela, vous pouvez recevoir quatre mots de preuve, en plus du nom de code. Une autorité envoie alors une demande, et avec ces mots vous y répondez ici, sans votre nom.",
  },
  chooseRisk: {
    en: "It is a risk: whoever finds these words can prove that you wrote this, and you could be made to tell them.",
    fr: "C’est un risque : quiconque trouve ces mots peut prouver que vous avez écrit ceci, et l’on pourrait vous forcer à les dire.",
  },
  chooseLater: {
    en: "You can also ask for them later, with another letter of the same codename.",
    fr: "Vous pouvez aussi les demander plus tard, avec une autre lettre du même nom de code.",
  },
  choose: {
    en: "Make claim words for me; I want to be able to prove it",
    fr: "Créez des mots de preuve pour moi ; je veux pouvoir le prouver",
  },
  chooseHint: {
    en: "They are made on this computer and shown once, when the letter is sealed. That takes some seconds more, or a minute.",
    fr: "Ils sont créés sur cet ordinateur et montrés une seule fois, quand la lettre est scellée. Cela prend quelques secondes de plus, ou une minute.",
  },
  making: {
    en: "Keys are being made from your claim words. It takes long on purpose: it slows down whoever guesses them.",
    fr: "Des clés sont fabriquées à partir de vos mots de preuve. C’est long exprès : cela ralentit quiconque les devinerait.",
  },
  words: { en: "Your claim words", fr: "Vos mots de preuve" },
  wordsWrite: {
    en: "Four words and a number, shown only now. With them, and nothing else, you can prove years later that you wrote this. Whoever finds them can prove the same. Write them on another paper than the codename, or do not write them down if you no longer want that.",
    fr: "Quatre mots et un nombre, montrés seulement maintenant. Avec eux, et rien d’autre, vous pouvez prouver des années plus tard que vous avez écrit ceci. Qui les trouve peut prouver la même chose. Écrivez-les sur un autre papier que le nom de code, ou ne les notez pas si vous ne le voulez plus.",
  },

  title: { en: "Answer an agency’s challenge", fr: "Répondre à la demande d’une autorité" },
  lead: {
    en: "An agency wants proof that a tip was yours, before it pays a reward. With your claim words you sign a statement that only this agency can open. You need no codename for it.",
    fr: "Une autorité veut la preuve qu’un signalement est de vous, avant de payer une récompense. Avec vos mots de preuve, vous signez une déclaration que seule cette autorité peut ouvrir. Le nom de code n’est pas nécessaire.",
  },
  risk: {
    en: "Whoever answers shows the agency that they wrote the tip. Do it only if you still want that; nobody can make you here.",
    fr: "Répondre, c’est montrer à l’autorité que vous avez écrit le signalement. Ne le faites que si vous le voulez toujours ; personne ici ne peut vous y forcer.",
  },
  file: { en: "The challenge, as a file", fr: "La demande, en fichier" },
  paste: { en: "Or paste its text here", fr: "Ou collez son texte ici" },
  pasteHint: {
    en: "It begins with a brace and is one long line, as the reviewers passed it on to you.",
    fr: "Il commence par une accolade et tient en une longue ligne, tel que les examinateurs vous l’ont transmis.",
  },
  read: { en: "Read the challenge", fr: "Lire la demande" },
  malformed: {
    en: "That is no challenge, or it is damaged. Paste all of it, from the first brace to the last, or ask for it again.",
    fr: "Ce n’est pas une demande, ou elle est abîmée. Collez-la en entier, de la première accolade à la dernière, ou redemandez-la.",
  },
  signature: {
    en: "This challenge is not as its agency signed it: somebody changed it on the way. Answer nothing, and tell the reviewers.",
    fr: "Cette demande n’est pas telle que son autorité l’a signée : quelqu’un l’a changée en chemin. N’y répondez pas, et dites-le aux examinateurs.",
  },
  expired: {
    en: "The last day for an answer is over, by this device’s clock. If the clock is right, ask the agency for a new challenge.",
    fr: "D’après l’horloge de cet appareil, le dernier jour pour répondre est passé. Si l’horloge est juste, demandez à l’autorité une nouvelle demande.",
  },
  asks: { en: "What the agency asks", fr: "Ce que demande l’autorité" },
  agency: { en: "Agency", fr: "Autorité" },
  programme: { en: "Reward programme", fr: "Programme de récompense" },
  case: { en: "Its case", fr: "Son affaire" },
  expires: { en: "Last day for an answer", fr: "Dernier jour pour répondre" },
  key: { en: "The agency’s key", fr: "Clé de l’autorité" },
  compare: {
    en: "Compare these digits with what the reviewers or the agency itself told you, by another way than the challenge came: digits in the same reply, or by the same reviewer alone, prove nothing. Anybody can write an agency’s name into a challenge; if one digit differs, answer nothing.",
    fr: "Comparez ces chiffres avec ce que les examinateurs ou l’autorité elle-même vous ont dit, par une autre voie que celle de la demande : des chiffres dans la même réponse, ou du même examinateur seul, ne prouvent rien. N’importe qui peut écrire le nom d’une autorité dans une demande ; si un seul chiffre diffère, n’y répondez pas.",
  },
  onArrival: {
    en: "These claim words were made on arrival: somebody who had taken over the intake by then could have kept them. The agency sees that, too.",
    fr: "Ces mots de preuve ont été créés à l’arrivée : quelqu’un qui aurait alors pris le service en main a pu les garder. L’autorité le voit aussi.",
  },
  beneficiary: { en: "Who shall receive a reward?", fr: "Qui doit recevoir une récompense ?" },
  beneficiaryHint: {
    en: "One line, as it shall be read, such as a lawyer’s name. Empty names nobody. The agency reads it.",
    fr: "Une ligne, telle qu’elle doit être lue, par exemple le nom d’un avocat. Vide, elle ne nomme personne. L’autorité la lit.",
  },
  long: { en: "This is longer than 400 bytes, or is not one line. Shorten it.", fr: "C’est plus long que 400 octets, ou ce n’est pas une ligne. Raccourcissez." },
  statement: { en: "This is what you sign, word for word:", fr: "Voici ce que vous signez, mot pour mot :" },
  typed: { en: "Your claim words", fr: "Vos mots de preuve" },
  typedHint: {
    en: "Four words and the number of two digits. They stay on this device.",
    fr: "Quatre mots et le nombre à deux chiffres. Ils restent sur cet appareil.",
  },
  sign: { en: "Sign the statement", fr: "Signer la déclaration" },
  signing: {
    en: "The keys of your claim words are being made again, which takes as long as the first time: seconds, or a minute.",
    fr: "Les clés de vos mots de preuve sont refabriquées, ce qui prend autant de temps que la première fois : quelques secondes, ou une minute.",
  },
  stop: { en: "Stop", fr: "Arrêter" },
  stopped: { en: "Stopped. Nothing was signed.", fr: "Arrêté. Rien n’a été signé." },
  count: {
    en: "Claim words are four words and a number of two digits. Check them and try again.",
    fr: "Les mots de preuve sont quatre mots et un nombre à deux chiffres. Vérifiez et réessayez.",
  },
  unknown: {
    en: "Word {position} is not on the list. Check its spelling.",
    fr: "Le mot {position} n’est pas sur la liste. Vérifiez son orthographe.",
  },
  check: {
    en: "Words and number do not belong together. Check the spelling and the order of each.",
    fr: "Les mots et le nombre ne vont pas ensemble. Vérifiez l’orthographe et l’ordre de chacun.",
  },
  other: {
    en: "These words belong to another tip than the agency asks about, so nothing was signed. If they are right, the challenge is not for you.",
    fr: "Ces mots appartiennent à un autre signalement que celui dont parle l’autorité : rien n’a été signé. S’ils sont justes, la demande n’est pas pour vous.",
  },
  broken: {
    en: "That did not work, and nothing was signed. Load the page again and try once more; if it comes back, try another browser.",
    fr: "Cela n’a pas marché, et rien n’a été signé. Rechargez la page et réessayez ; si cela revient, essayez un autre navigateur.",
  },
  done: { en: "The statement is signed", fr: "La déclaration est signée" },
  save: { en: "Save answer.age", fr: "Enregistrer answer.age" },
  doneWhat: {
    en: "The agency alone can open answer.age: not the reviewers, not you. Save it, and send it as a file with a message of your codename, or give it to the agency in any other way. Then delete it. Each challenge is answered once.",
    fr: "Seule l’autorité peut ouvrir answer.age : ni les examinateurs, ni vous. Enregistrez-le, et envoyez-le comme fichier avec un message de votre nom de code, ou donnez-le à l’autorité par toute autre voie. Supprimez-le ensuite. On répond une fois à chaque demande.",
  },
} as const satisfies Record<string, Sentence>;
