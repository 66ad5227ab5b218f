// What a look into a file found, and what no look can find. A finding is followed by ": value" where there is one.
import type { FindingKind, Loss, Unseen, WhyNot } from "../look/finding.ts";
import type { Sentence } from "./say.ts";

export const FINDINGS: Readonly<Record<FindingKind, Sentence>> = {
  gps: { en: "The place where it was taken", fr: "Le lieu de la prise de vue" },
  camera: { en: "The camera, phone or lens", fr: "L’appareil photo, le téléphone ou l’objectif" },
  serial: { en: "The serial number of one device", fr: "Le numéro de série d’un appareil" },
  author: { en: "A person’s name", fr: "Le nom d’une personne" },
  company: { en: "The name of an employer or organisation", fr: "Le nom d’un employeur ou d’une organisation" },
  software: { en: "The program that made it", fr: "Le logiciel qui l’a créé" },
  date: { en: "A day or time", fr: "Une date ou une heure" },
  thumbnail: {
    en: "A small picture or a second picture in it, which can show what you cut off or covered",
    fr: "Une miniature ou une seconde image, qui peut montrer ce que vous avez coupé ou masqué",
  },
  comment: { en: "A title, description, comment or keyword", fr: "Un titre, une description, un commentaire ou un mot-clé" },
  changes: { en: "Tracked changes, with text that was deleted", fr: "Des modifications suivies, avec du texte supprimé" },
  history: { en: "Traces of how and when it was edited", fr: "Des traces de la façon et du moment où il a été modifié" },
  id: { en: "A number that links it to other copies", fr: "Un numéro qui le relie à d’autres copies" },
  path: { en: "A folder, computer or link to another file", fr: "Un dossier, un ordinateur ou un lien vers un autre fichier" },
  printer: { en: "The name of a printer", fr: "Le nom d’une imprimante" },
  template: { en: "The template it was made from", fr: "Le modèle dont il est issu" },
  embedded: { en: "Another file or hidden data inside it", fr: "Un autre fichier ou des données cachées à l’intérieur" },
  script: { en: "A small program inside it", fr: "Un petit programme à l’intérieur" },
  leftover: {
    en: "Hidden data left behind, perhaps parts of an earlier version",
    fr: "Des données cachées, peut-être des restes d’une version antérieure",
  },
  maker: { en: "Notes that only the maker of the camera can read", fr: "Des notes que seul le fabricant de l’appareil sait lire" },
  settings: { en: "How the camera or program was set", fr: "Les réglages de l’appareil ou du logiciel" },
  profile: { en: "A colour profile, which can belong to one screen alone", fr: "Un profil de couleurs, parfois propre à un seul écran" },
  xmp: { en: "A record that photo and layout programs write (XMP)", fr: "Une fiche écrite par des logiciels de photo ou de mise en page (XMP)" },
  iptc: { en: "A record that press and picture agencies use (IPTC)", fr: "Une fiche utilisée par la presse et les agences de photo (IPTC)" },
  name: { en: "A file name that tells a day, a device or a program", fr: "Un nom de fichier qui révèle une date, un appareil ou un logiciel" },
  other: { en: "Something added that is not needed to show it", fr: "Un ajout qui n’est pas nécessaire pour l’afficher" },
};

export const UNSEEN: Readonly<Record<Unseen, Sentence>> = {
  everything: { en: "Nothing in it was looked at.", fr: "Rien à l’intérieur n’a été examiné." },
  faces: {
    en: "Faces, tattoos, number plates, rooms and views from a window.",
    fr: "Les visages, les tatouages, les plaques d’immatriculation, les pièces et les vues d’une fenêtre.",
  },
  reflections: {
    en: "Reflections in eyes, glass, water or metal, which can show you or your room.",
    fr: "Les reflets dans des yeux, du verre, de l’eau ou du métal, qui peuvent montrer vous-même ou votre pièce.",
  },
  sensor: {
    en: "The fine grain of the sensor: whoever has your camera, or other photos from it, can compare.",
    fr: "Le grain fin du capteur : qui possède votre appareil, ou d’autres photos prises avec, peut comparer.",
  },
  packing: {
    en: "The way in which the picture is packed, which can hint at the make of the phone or program.",
    fr: "La façon dont l’image est compressée, qui peut suggérer la marque du téléphone ou du logiciel.",
  },
  dots: {
    en: "Tiny yellow dots that many colour printers put on each page, with a serial number and the time; a scan keeps them.",
    fr: "De minuscules points jaunes que beaucoup d’imprimantes couleur posent sur chaque page, avec un numéro de série et l’heure ; une numérisation les conserve.",
  },
  style: {
    en: "How you write: words, mistakes and habits that people know you by.",
    fr: "Votre façon d’écrire : des mots, des fautes et des habitudes auxquels on vous reconnaît.",
  },
  content: {
    en: "What the text itself says: names, headers and footers, notes, hidden sheets, slides and white text.",
    fr: "Ce que dit le texte lui-même : noms, en-têtes et pieds de page, notes, feuilles et diapositives masquées, texte blanc.",
  },
  watermark: {
    en: "Marks hidden on purpose, for example small differences in each person’s copy.",
    fr: "Les marques cachées à dessein, par exemple de petites différences dans la copie de chacun.",
  },
};

export const LOSSES: Readonly<Record<Loss, Sentence>> = {
  colours: { en: "Colours may look slightly different.", fr: "Les couleurs peuvent être légèrement différentes." },
  changes: {
    en: "Tracked changes: the text stays as it reads now, deleted text is gone.",
    fr: "Le suivi des modifications : le texte reste tel qu’il se lit, le texte supprimé disparaît.",
  },
  comments: { en: "Comments and marks that people added.", fr: "Les commentaires et les annotations ajoutés." },
  links: { en: "Links to files on a computer or network.", fr: "Les liens vers des fichiers d’un ordinateur ou d’un réseau." },
  parts: { en: "Attached files and hidden tables.", fr: "Les fichiers joints et les tableaux cachés." },
};

const SCREENSHOT = {
  en: "A screenshot of what matters holds none of this.",
  fr: "Une capture d’écran de ce qui compte n’en contient rien.",
};

function withScreenshot(en: string, fr: string): Sentence {
  return { en: `${en} ${SCREENSHOT.en}`, fr: `${fr} ${SCREENSHOT.fr}` };
}

/** Why there is no clean copy, and what to do instead. */
export const WHY_NOT: Readonly<Record<WhyNot, Sentence>> = {
  unknown: withScreenshot(
    "This kind of file cannot be looked into here. Photos and films from a phone often hold the place, the time and the device.",
    "Ce type de fichier ne peut pas être examiné ici. Les photos et vidéos d’un téléphone contiennent souvent le lieu, l’heure et l’appareil.",
  ),
  damaged: withScreenshot(
    "The file is damaged or unusual, so no clean copy can be made. Open it and save it anew, then choose it again.",
    "Le fichier est abîmé ou inhabituel : aucune copie nettoyée n’est possible. Ouvrez-le, enregistrez-le de nouveau, puis choisissez-le encore.",
  ),
  "too-large": withScreenshot(
    "The file is too large to be looked into here.",
    "Le fichier est trop volumineux pour être examiné ici.",
  ),
  encrypted: withScreenshot(
    "The file is locked with a password, so nobody here can look into it. Save it without one, or print it to PDF.",
    "Le fichier est protégé par un mot de passe : personne ne peut l’examiner ici. Enregistrez-le sans mot de passe, ou imprimez-le en PDF.",
  ),
  embedded: withScreenshot(
    "It holds another file that cannot be cleaned here. Print it to PDF and choose that, or take the other file out.",
    "Il contient un autre fichier qui ne peut pas être nettoyé ici. Imprimez-le en PDF et choisissez le PDF, ou retirez l’autre fichier.",
  ),
  script: withScreenshot(
    "It holds a program (macros), so no clean copy can be made. Save it in a form without macros, or print it to PDF.",
    "Il contient un programme (macros) : aucune copie nettoyée n’est possible. Enregistrez-le sans macros, ou imprimez-le en PDF.",
  ),
  raw: withScreenshot(
    "Raw camera files hold the serial number deep inside and cannot be cleaned here. Save the picture as JPEG and choose that.",
    "Les fichiers bruts d’un appareil photo contiennent le numéro de série et ne peuvent pas être nettoyés ici. Enregistrez l’image en JPEG et choisissez-la.",
  ),
  structure: withScreenshot(
    "The file is built in a way that cannot be cleaned here for certain. Print it to PDF, or save the picture as JPEG or PNG, and choose that.",
    "Le fichier est fait d’une façon qui ne peut pas être nettoyée ici avec certitude. Imprimez-le en PDF, ou enregistrez l’image en JPEG ou PNG, et choisissez le résultat.",
  ),
};
