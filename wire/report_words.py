"""The report's own words, in each language. What people wrote stays in the language they wrote it in."""

from collections.abc import Mapping
from typing import Final

ENGLISH: Final = {
    "dossier": "Dossier",
    "lede": "What a source told and what reviewers found, as the reviewers chose to give it. Nothing in it is proven, "
    "and on purpose it does not name the source.",
    "purpose": "Purpose",
    "office": "For",
    "proposer": "Proposed by",
    "on": "Proposed on",
    "id": "Dossier number",
    "summary": "Summary",
    "fields": "What the tip says",
    "story": "The story",
    "claim": "Claim",
    "claim_lede": "The source can prove to you, without a name, that they wrote this tip. Ask with lapwing claim "
    "challenge, which needs this commitment, and give the challenge to the reviewers. Whoever has the commitment can "
    "also try to guess the source’s claim words: keep it with the dossier.",
    "claim_commitment": "Commitment",
    "claim_made": "Who could know the claim words",
    "claim_unknown": "The source alone made them, on their own device.",
    "claim_known": "The intake made them: whoever had taken it over by then could have kept them.",
    "exhibits": "Exhibits",
    "exhibits_lede": "A safe copy shows what the original shows, without its hidden data. An original is untouched: "
    "its hidden data can name people, and it may be harmful to open.",
    "no_exhibits": "No file goes with this dossier.",
    "number": "No.",
    "name": "Name",
    "type": "Type",
    "size": "Size",
    "bytes": "bytes",
    "form": "Form",
    "original": "Original",
    "safe copy": "Safe copy",
    "file": "File",
    "origin": "From",
    "custody": "Who did what, and when",
    "no_custody": "Nothing was recorded.",
    "date": "Day",
    "who": "Who",
    "what": "What",
    "concerns": "Exhibit",
    "approvals": "Approvals",
    "approvals_lede": "This dossier counts only with the signatures of at least {needed} of these reviewers, the "
    "proposer among them. Who signed is in bag-info.txt, the signatures are in approvals.json.",
    "roster": "Roster",
    "check": "How to check",
    "check_files": "That no file has changed: in the folder that holds manifest-sha256.txt,",
    "check_mac": "on a Mac",
    "check_windows": "or on Windows, in PowerShell, for each file, and compare with the list above",
    "check_signatures": "Who approved it, and for which office, with Lapwing and the root key that the organisation "
    "publishes:",
    "check_format": "The folder is a BagIt 1.0 bag (RFC 8493); any program for such bags can validate it.",
}

FRENCH: Final = {
    "dossier": "Dossier",
    "lede": "Ce qu’une source a dit et ce que des examinateurs ont trouvé, tel qu’ils ont choisi de le transmettre. "
    "Rien ici n’est prouvé, et la source n’y est volontairement pas nommée.",
    "purpose": "But",
    "office": "Destinataire",
    "proposer": "Proposé par",
    "on": "Proposé le",
    "id": "Numéro du dossier",
    "summary": "Résumé",
    "fields": "Ce que dit le signalement",
    "story": "Le récit",
    "claim": "Preuve d’auteur",
    "claim_lede": "La source peut vous prouver, sans donner de nom, qu’elle a écrit ce signalement. Demandez-le avec "
    "lapwing claim challenge, qui a besoin de cet engagement, et remettez la demande aux examinateurs. Qui a "
    "l’engagement peut aussi essayer de deviner les mots de preuve de la source : gardez-le avec le dossier.",
    "claim_commitment": "Engagement",
    "claim_made": "Qui pouvait connaître les mots de preuve",
    "claim_unknown": "Seule la source, qui les a créés sur son propre appareil.",
    "claim_known": "Le serveur d’accueil, qui les a créés : qui l’avait pris en main a pu les garder.",
    "exhibits": "Pièces",
    "exhibits_lede": "Une copie sûre montre ce que montre l’original, sans ses données cachées. Un original est "
    "intact : ses données cachées peuvent nommer des personnes, et l’ouvrir peut être dangereux.",
    "no_exhibits": "Aucun fichier n’accompagne ce dossier.",
    "number": "N°",
    "name": "Nom",
    "type": "Type",
    "size": "Taille",
    "bytes": "octets",
    "form": "Forme",
    "original": "Original",
    "safe copy": "Copie sûre",
    "file": "Fichier",
    "origin": "Provenance",
    "custody": "Qui a fait quoi, et quand",
    "no_custody": "Rien n’a été consigné.",
    "date": "Jour",
    "who": "Qui",
    "what": "Quoi",
    "concerns": "Pièce",
    "approvals": "Approbations",
    "approvals_lede": "Ce dossier ne vaut qu’avec les signatures d’au moins {needed} de ces examinateurs, dont celui "
    "qui l’a proposé. Les signataires sont nommés dans bag-info.txt, les signatures sont dans approvals.json.",
    "roster": "Liste des examinateurs",
    "check": "Comment vérifier",
    "check_files": "Qu’aucun fichier n’a changé : dans le dossier qui contient manifest-sha256.txt,",
    "check_mac": "sur un Mac",
    "check_windows": "ou sous Windows, dans PowerShell, pour chaque fichier, en comparant à la liste ci-dessus",
    "check_signatures": "Qui l’a approuvé, et pour quel destinataire, avec Lapwing et la clé racine que "
    "l’organisation publie :",
    "check_format": "Le dossier est un sac BagIt 1.0 (RFC 8493) ; tout programme pour de tels sacs peut le valider.",
}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {"en": ENGLISH, "fr": FRENCH}

FIELD_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "species": "Species",
        "product": "Product",
        "quantity": "Quantity",
        "price": "Price",
        "marketplace": "Marketplace",
        "listing_addresses": "Addresses of listings",
        "seller_handles": "Seller’s names online",
        "payment": "Payment",
        "shipping": "Shipping",
        "place": "Place",
        "dates": "Dates",
        "people": "People",
        "firms": "Firms",
        "how_known": "How the source knows",
        "reported_before": "Reported before",
        "reported_to": "Reported to",
        "reported_when": "Reported when",
        "reward_wish": "Wishes a reward",
        "willing_to_testify": "Willing to testify",
        "in_danger_now": "In danger now",
    },
    "fr": {
        "species": "Espèce",
        "product": "Produit",
        "quantity": "Quantité",
        "price": "Prix",
        "marketplace": "Place de marché",
        "listing_addresses": "Adresses des annonces",
        "seller_handles": "Noms du vendeur en ligne",
        "payment": "Paiement",
        "shipping": "Expédition",
        "place": "Lieu",
        "dates": "Dates",
        "people": "Personnes",
        "firms": "Entreprises",
        "how_known": "Comment la source le sait",
        "reported_before": "Déjà signalé",
        "reported_to": "Signalé à",
        "reported_when": "Signalé quand",
        "reward_wish": "Souhaite une récompense",
        "willing_to_testify": "Prête à témoigner",
        "in_danger_now": "En danger maintenant",
    },
}

OPTION_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"yes": "yes", "no": "no", "unsure": "unsure"},
    "fr": {"yes": "oui", "no": "non", "unsure": "ne sait pas"},
}
