"""Prepared replies to a source (pure): where a reward stands, what going ahead could cost, an agency's challenge.

They say what reviewers chose to share and never an amount. A reviewer reads and changes them before they leave, apart
from a challenge, which must arrive as its agency signed it. English stands first, then French.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from reviewer.rewards.programme import Programme
from reviewer.rewards.rules_source import Counsel
from reviewer.rewards.rules_time import TimeLimit
from reviewer.rewards.warnings import HARMS, Purpose, RewardWarning
from reviewer.source_words import day_of, forms_of, name_of
from wire.claim import SignedChallenge

STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "considered": {
        "en": "We looked at whether this reward programme could concern you: %(programme)s. So far we know of nothing "
        "that shuts you out. That is no promise: only the authority decides, and most tips are never rewarded.",
        "fr": "Nous avons regardé si ce programme de récompense peut vous concerner : %(programme)s. Pour le moment, "
        "nous ne connaissons rien qui vous exclut. Ce n’est pas une promesse : seule l’autorité décide, et la plupart "
        "des signalements ne sont jamais récompensés.",
    },
    "file": {
        "en": "This reward programme counts what you file yourself or through a lawyer: %(programme)s. What we pass on "
        "does not count for you there. It asks for this: %(form)s.%(counsel)s%(due)s Whether you file is yours to "
        "decide, and we cannot promise a reward.",
        "fr": "Ce programme de récompense compte ce que vous déposez vous-même ou par un avocat : %(programme)s. Ce "
        "que nous transmettons n’y compte pas pour vous. Il demande ceci : %(form)s.%(counsel)s%(due)s C’est à vous de "
        "décider si vous déposez, et nous ne pouvons pas promettre de récompense.",
    },
    "accepted": {
        "en": "The authority of this reward programme has told us that it took up a claim about your tip: "
        "%(programme)s. It has not decided yet whether it pays anything.",
        "fr": "L’autorité de ce programme de récompense nous a dit qu’elle examine une demande au sujet de votre "
        "signalement : %(programme)s. Elle n’a pas encore décidé si elle paie quelque chose.",
    },
    "refused": {
        "en": "The authority of this reward programme has told us that it refused a reward: %(programme)s.%(appeal)s A "
        "lawyer can tell you what is possible.",
        "fr": "L’autorité de ce programme de récompense nous a dit qu’elle a refusé une récompense : "
        "%(programme)s.%(appeal)s Un avocat peut vous dire ce qui est possible.",
    },
    "paid": {
        "en": "The authority of this reward programme has told us that a reward was paid: %(programme)s. We keep "
        "nothing of it. If it did not reach you, write to us, without saying who you are.",
        "fr": "L’autorité de ce programme de récompense nous a dit qu’une récompense a été versée : %(programme)s. "
        "Nous n’en gardons rien. Si elle ne vous est pas parvenue, écrivez-nous, sans dire qui vous êtes.",
    },
}
"""Where a claim to a reward stands, by a fixed word."""

_COUNSEL: Final = {
    "en": " To stay anonymous, you need a lawyer who files for you.",
    "fr": " Pour rester anonyme, il vous faut un avocat qui dépose pour vous.",
}
_DUE: Final = {
    "en": " The last day that we know of is %(day)s.",
    "fr": " Le dernier jour que nous connaissons est le %(day)s.",
}
_APPEAL: Final = {
    "en": " The law that we read gives %(days)s days to appeal.",
    "fr": " La loi que nous avons lue donne %(days)s jours pour contester.",
}

_BEFORE: Final[Mapping[Purpose, Mapping[str, str]]] = {
    "forward": {
        "en": "Before we pass on what you told us, you should know this. Passing it on could cost you a reward.",
        "fr": "Avant que nous transmettions ce que vous nous avez dit, sachez ceci. Le transmettre pourrait vous "
        "coûter une récompense.",
    },
    "publish": {
        "en": "Before anything of what you told us is published, you should know this. It could cost you a reward.",
        "fr": "Avant que quelque chose de ce que vous nous avez dit soit publié, sachez ceci. Cela pourrait vous "
        "coûter une récompense.",
    },
}
_HARM: Final[Mapping[str, Mapping[str, str]]] = {
    "file": {
        "en": "These programmes count only what you file yourself or through a lawyer, and it can matter who comes "
        "first:",
        "fr": "Ces programmes ne comptent que ce que vous déposez vous-même ou par un avocat, et il peut être "
        "important d’être le premier :",
    },
    "counsel": {
        "en": "With these you stay anonymous only through a lawyer:",
        "fr": "Avec ceux-ci, vous ne restez anonyme que par un avocat :",
    },
    "public": {
        "en": "These pay less, or nothing, once it is public:",
        "fr": "Ceux-ci paient moins, ou rien, une fois que c’est public :",
    },
    "deadline": {
        "en": "With these a time runs:",
        "fr": "Avec ceux-ci, un délai court :",
    },
}
_AFTER: Final = {
    "en": "You are free to do nothing. If you want us to wait, or to go on, write it here; please write nothing that "
    "shows who you are. We are not your lawyers, we may not know every rule, and we cannot promise a reward.",
    "fr": "Vous êtes libre de ne rien faire. Si vous voulez que nous attendions, ou que nous continuions, écrivez-le "
    "ici ; n’écrivez rien qui montre qui vous êtes. Nous ne sommes pas vos avocats, nous ne connaissons peut-être pas "
    "toutes les règles, et nous ne pouvons pas promettre de récompense.",
}
_UNTIL: Final = {"en": "until %(day)s", "fr": "jusqu’au %(day)s"}

_CHALLENGE: Final = {
    "en": "An agency asks whether you can prove that the tip was yours. Only your claim words can do that. You are "
    "free not to answer: an answer tells the agency that somebody has these words and reads here.\n\nAgency: "
    "%(office)s\nProgramme: %(programme)s\nCase: %(case)s\nLast day: %(day)s%(unknown)s\n\nBefore you sign, you see "
    "digits of the agency’s key. Compare them with what another reviewer writes to you, or with what the agency itself "
    "publishes: one reviewer alone could have made this challenge.\n\nTo answer, copy the last line of this reply, "
    "from { to }, into the offline sealer, into this page where it offers a place for it, or into a file "
    "challenge.json for “lapwing claim sign challenge.json”. Do it on your own computer, read "
    "what you would sign, and send us the answer as a file. Never write the claim words to us.",
    "fr": "Une autorité demande si vous pouvez prouver que le signalement est de vous. Seuls vos mots de preuve le "
    "peuvent. Vous êtes libre de ne pas répondre : une réponse apprend à l’autorité que quelqu’un a ces mots et lit "
    "ici.\n\nAutorité : %(office)s\nProgramme : %(programme)s\nAffaire : %(case)s\nDernier jour : "
    "%(day)s%(unknown)s\n\nAvant de signer, vous voyez des chiffres de la clé de l’autorité. Comparez-les avec ce "
    "qu’un autre examinateur vous écrit, ou avec ce que l’autorité elle-même publie : un seul examinateur aurait pu "
    "fabriquer cette demande.\n\nPour répondre, copiez la dernière ligne de ce message, de { à }, dans l’outil hors "
    "ligne, dans cette page là où elle offre une place pour cela, "
    "ou dans un fichier challenge.json pour « lapwing claim sign challenge.json ». Faites-le sur votre propre "
    "ordinateur, lisez ce que vous signeriez, et envoyez-nous la réponse en fichier. Ne nous écrivez jamais les mots "
    "de preuve.",
}
_UNKNOWN: Final = {
    "en": "\nTake care: this agency is not on our list. We could not check whose key it is.",
    "fr": "\nAttention : cette autorité n’est pas sur notre liste. Nous n’avons pas pu vérifier à qui est la clé.",
}


def state_words(state: str, programme: Programme, due: date | None, language: str) -> str:
    """Return where a claim stands, in a source's words.

    Args:
        state: one of `STATES`.
        programme: which one.
        due: the last day to file, None where none is known.
        language: `en` or `fr`.
    """
    rules = programme.rules
    appeals = [rule.days for rule in rules if isinstance(rule, TimeLimit) and rule.clock == "appeal"]
    forms = forms_of(programme) or tuple(form.name for form in programme.forms)
    return STATES[state][language] % {
        "programme": name_of(programme, language),
        "form": ", ".join(forms) or "?",
        "counsel": _COUNSEL[language] if any(isinstance(rule, Counsel) for rule in rules) else "",
        "due": "" if due is None else _DUE[language] % {"day": day_of(due, language)},
        "appeal": _APPEAL[language] % {"days": min(appeals)} if appeals else "",
    }


def warning_words(warnings: Sequence[RewardWarning], purpose: Purpose, language: str) -> str:
    """Return what a source should hear before it goes ahead: what they must do themselves, by programme."""
    pieces = [_BEFORE[purpose][language]]
    for harm in HARMS:
        of_harm = [warning for warning in warnings if warning.harm == harm]
        if of_harm:
            pieces.append("\n".join([_HARM[harm][language], *(_line(warning, language) for warning in of_harm)]))
    return "\n\n".join([*pieces, _AFTER[language]])


def _line(warning: RewardWarning, language: str) -> str:
    name = f"- {name_of(warning.programme, language)}"
    if warning.due is not None:
        return f"{name}: {_UNTIL[language] % {'day': day_of(warning.due, language)}}"
    return f"{name}: {warning.form}" if warning.form else name


def challenge_words(signed: SignedChallenge, languages: Sequence[str], *, listed: bool) -> str:
    """Return the reply that passes an agency's challenge on: what it asks in words, then the challenge on one line."""
    asked = signed.challenge
    words = [
        _CHALLENGE[language]
        % {
            "office": asked.office.name,
            "programme": asked.programme,
            "case": asked.case,
            "day": day_of(asked.expires, language),
            "unknown": "" if listed else _UNKNOWN[language],
        }
        for language in languages
    ]
    return "\n\n".join([*words, signed.envelope.encode().decode()])
