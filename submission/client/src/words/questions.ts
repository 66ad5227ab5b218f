// The words of the tip form, where it is not the intake's own page. A test holds them to those of submission/questions.py.
import type { Sentence } from "./say.ts";

/** What stands beside a field. */
export interface QuestionWords {
  readonly label: Sentence;
  readonly hint?: Sentence;
}

export const GROUP_TITLES: Readonly<Record<string, Sentence>> = {
  listing: { en: "What is offered, and by whom", fr: "Ce qui est proposé, et par qui" },
  trade: { en: "Payment and shipping", fr: "Paiement et envoi" },
  where: { en: "Place and dates", fr: "Lieu et dates" },
  who: { en: "People and firms", fr: "Personnes et entreprises" },
  you: { en: "You: how you know this, reward, testifying", fr: "Vous : comment vous le savez, récompense, témoignage" },
};

export const QUESTIONS: Readonly<Record<string, QuestionWords>> = {
  species: {
    label: { en: "Animal or plant", fr: "Animal ou plante" },
    hint: { en: "Any name you know, in any language", fr: "N’importe quel nom que vous connaissez, dans n’importe quelle langue" },
  },
  product: {
    label: { en: "What is sold", fr: "Ce qui est vendu" },
    hint: { en: "Alive, or which part or product: ivory, skin, shell, timber …", fr: "Vivant, ou quelle partie ou quel produit : ivoire, peau, carapace, bois …" },
  },
  quantity: { label: { en: "How much or how many", fr: "Quelle quantité" } },
  price: {
    label: { en: "Price", fr: "Prix" },
    hint: { en: "With the currency", fr: "Avec la monnaie" },
  },
  marketplace: {
    label: { en: "Where it is offered", fr: "Où c’est proposé" },
    hint: { en: "Website, app, group or market", fr: "Site, application, groupe ou marché" },
  },
  listing_addresses: {
    label: { en: "Addresses of the offers", fr: "Adresses des annonces" },
    hint: { en: "One on each line, copied from the browser", fr: "Une par ligne, copiée depuis le navigateur" },
  },
  seller_handles: {
    label: { en: "Names and numbers of the seller", fr: "Noms et numéros du vendeur" },
    hint: { en: "User names, phone numbers, e-mail addresses", fr: "Pseudonymes, numéros de téléphone, adresses électroniques" },
  },
  payment: {
    label: { en: "How it is paid", fr: "Comment on paie" },
    hint: { en: "Bank, wallet, cash, account numbers if you know them", fr: "Banque, portefeuille, espèces, numéros de compte si vous les connaissez" },
  },
  shipping: {
    label: { en: "How it is sent", fr: "Comment c’est envoyé" },
    hint: { en: "From where to where, by whom, hidden how", fr: "D’où, vers où, par qui, caché comment" },
  },
  place: {
    label: { en: "Place", fr: "Lieu" },
    hint: { en: "Country, town, address, whatever you know", fr: "Pays, ville, adresse, ce que vous savez" },
  },
  dates: {
    label: { en: "When", fr: "Quand" },
    hint: { en: "A day, a month or in your own words", fr: "Un jour, un mois, ou avec vos propres mots" },
  },
  people: {
    label: { en: "People involved", fr: "Personnes impliquées" },
    hint: { en: "Names, roles, how to recognise them", fr: "Noms, rôles, comment les reconnaître" },
  },
  firms: { label: { en: "Firms involved", fr: "Entreprises impliquées" } },
  how_known: {
    label: { en: "How do you know this?", fr: "Comment le savez-vous ?" },
    hint: { en: "Only what you want to say. What only you could know can point to you.", fr: "Seulement ce que vous voulez dire. Ce que vous êtes seul à pouvoir savoir peut vous désigner." },
  },
  reported_before: { label: { en: "Have you reported this before?", fr: "L’avez-vous déjà signalé ?" } },
  reported_to: { label: { en: "To whom?", fr: "À qui ?" } },
  reported_when: { label: { en: "When?", fr: "Quand ?" } },
  reward_wish: {
    label: { en: "Do you want the reviewers to look into a reward?", fr: "Voulez-vous que les examinateurs se renseignent sur une récompense ?" },
    hint: { en: "Rewards are rare, and often you must file a form yourself. Nobody can promise one.", fr: "Les récompenses sont rares, et souvent vous devez déposer un formulaire vous-même. Personne ne peut en promettre une." },
  },
  willing_to_testify: {
    label: { en: "Would you be willing to testify?", fr: "Seriez-vous prêt à témoigner ?" },
    hint: { en: "You can change your mind at any time.", fr: "Vous pouvez changer d’avis à tout moment." },
  },
  in_danger_now: { label: { en: "Somebody is in danger now", fr: "Quelqu’un est en danger maintenant" } },
};

export const OPTIONS: Readonly<Record<string, Sentence>> = {
  yes: { en: "Yes", fr: "Oui" },
  no: { en: "No", fr: "Non" },
  unsure: { en: "Not sure", fr: "Pas sûr" },
};
