"""Words for a source, in the language of their tip: questions for rewards, and why they are asked (pure).

They promise nothing, press for nothing, and repeat nothing of what the source wrote. English stands first, then French.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date

from reviewer.errors import ActError
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import Question
from reviewer.rewards.rules_source import Filing
from reviewer.rewards.table import in_language

LANGUAGES: Final = ("en", "fr")
BETWEEN: Final = "\n\n* * *\n\n"


@dataclass(frozen=True)
class Asking:
    """One question in one language: the question in the second person, and why it is asked."""

    question: str
    why: str


QUESTIONS: Final[Mapping[str, tuple[Asking, Asking]]] = {
    "reward_wish": (
        Asking(
            "Would you like a reward, if a law allows one?",
            "Some laws can reward people who report. If you wish it, we try to do nothing that stands in its way.",
        ),
        Asking(
            "Souhaitez-vous une récompense, si une loi le permet ?",
            "Certaines lois peuvent récompenser les personnes qui signalent. Si vous le souhaitez, nous essayons de ne "
            "rien faire qui l’empêche.",
        ),
    ),
    "willing_to_testify": (
        Asking(
            "Would you be willing to tell an authority or a court what you know?",
            "Some authorities ask for it. A yes here binds you to nothing.",
        ),
        Asking(
            "Seriez-vous d’accord pour dire ce que vous savez à une autorité ou à un tribunal ?",
            "Certaines autorités le demandent. Un oui ne vous engage à rien.",
        ),
    ),
    "public_official": (
        Asking(
            "Are you a public official, for example in an administration, a park service or customs? If so, did you "
            "learn of this in your duty, or do you tell it as part of your duty?",
            "Many laws do not reward officials for what they do in their duty. Please name neither office nor post.",
        ),
        Asking(
            "Êtes-vous agent public, par exemple dans une administration, un parc ou à la douane ? Si oui, l’avez-vous "
            "appris dans vos fonctions, ou le dites-vous dans le cadre de vos fonctions ?",
            "Beaucoup de lois ne récompensent pas les agents publics pour ce qu’ils font dans leurs fonctions. Ne "
            "nommez ni le service ni le poste.",
        ),
    ),
    "official_of": (
        Asking(
            "Of which country are you a public official?",
            "Some laws shut out only the officials of their own country. The country alone is enough.",
        ),
        Asking(
            "De quel pays êtes-vous agent public ?",
            "Certaines lois n’excluent que les agents de leur propre pays. Le pays seul suffit.",
        ),
    ),
    "official_level": (
        Asking(
            "Are you an official of the nation, or of a state, province or commune?",
            "Some laws treat the two differently. Please name neither the place nor the office.",
        ),
        Asking(
            "Êtes-vous agent de l’État central, ou d’un État fédéré, d’une province ou d’une commune ?",
            "Certaines lois ne traitent pas les deux de la même façon. Ne nommez ni le lieu ni le service.",
        ),
    ),
    "enforcement_member": (
        Asking(
            "Are you with the police, a prosecutor, a regulator or an audit overseer, or were you when you learnt of "
            "this? If so, did you learn it in your duty?",
            "Some laws shut such people out. Yes or no is enough; please do not say where.",
        ),
        Asking(
            "Travaillez-vous pour la police, un parquet, un régulateur ou un organe de surveillance des audits, ou "
            "était-ce le cas quand vous l’avez appris ? Si oui, l’avez-vous appris dans vos fonctions ?",
            "Certaines lois excluent ces personnes. Oui ou non suffit ; ne dites pas où.",
        ),
    ),
    "own_role": (
        Asking(
            "Were you an auditor of the firm concerned, or its compliance or legal person?",
            "Some laws have special rules for these roles. Yes or no, and which of the three, is enough.",
        ),
        Asking(
            "Étiez-vous auditeur de l’entreprise concernée, ou responsable de la conformité, ou juriste chez elle ?",
            "Certaines lois ont des règles particulières pour ces rôles. Oui ou non, et lequel des trois, suffit.",
        ),
    ),
    "own_part": (
        Asking(
            "Did you have a part in what happened: none, took part, knowingly profited, planned or began it, or were "
            "you convicted for it?",
            "Some laws pay less, or nothing, to whoever had a part. It can be wise to ask a lawyer before you answer: "
            "what you write is kept with the case.",
        ),
        Asking(
            "Avez-vous eu une part dans ce qui s’est passé : aucune, participation, profit en connaissance de cause, "
            "préparation ou initiative, ou condamnation pour ces faits ?",
            "Certaines lois paient moins, ou rien, à qui y a eu une part. Il peut être prudent de demander à un avocat "
            "avant de répondre : ce que vous écrivez est gardé avec l’affaire.",
        ),
    ),
    "own_knowledge": (
        Asking(
            "Do you know it yourself or from your own analysis, rather than from the news or from others?",
            "Some laws reward only what a person knows themselves. Please do not say how you know it if that could "
            "show who you are.",
        ),
        Asking(
            "Le savez-vous par vous-même ou par votre propre analyse, plutôt que par la presse ou par d’autres ?",
            "Certaines lois ne récompensent que ce qu’une personne sait par elle-même. Ne dites pas comment vous le "
            "savez si cela pouvait montrer qui vous êtes.",
        ),
    ),
    "voluntary": (
        Asking(
            "Did you tell it before any authority asked you about it?",
            "Some laws reward only what was told before anybody asked.",
        ),
        Asking(
            "L’avez-vous dit avant qu’une autorité ne vous interroge à ce sujet ?",
            "Certaines lois ne récompensent que ce qui a été dit avant toute question.",
        ),
    ),
    "ready_to_be_named": (
        Asking(
            "Would you accept that the authority learns your name, if you ask it for a reward?",
            "Some programmes cannot pay without it. We do not know your name and do not ask for it.",
        ),
        Asking(
            "Accepteriez-vous que l’autorité apprenne votre nom, si vous lui demandez une récompense ?",
            "Certains programmes ne peuvent pas payer sans cela. Nous ne connaissons pas votre nom et ne le demandons "
            "pas.",
        ),
    ),
    "counsel": (
        Asking(
            "Do you have a lawyer, or do you think of finding one?",
            "With some programmes only a lawyer lets you stay anonymous. Please do not write the lawyer’s name.",
        ),
        Asking(
            "Avez-vous un avocat, ou pensez-vous en chercher un ?",
            "Dans certains programmes, seul un avocat permet de rester anonyme. N’écrivez pas le nom de l’avocat.",
        ),
    ),
    "internal_report": (
        Asking(
            "Did you report it inside your own firm or organisation?",
            "With some programmes a time runs from then. Please do not say to whom you reported it.",
        ),
        Asking(
            "L’avez-vous signalé à l’intérieur de votre propre entreprise ou organisation ?",
            "Dans certains programmes, un délai court à partir de là. Ne dites pas à qui vous l’avez signalé.",
        ),
    ),
    "internal_report_on": (
        Asking(
            "When did you report it inside your own firm or organisation?",
            "A time runs from that day. If the day could show who you are, the month is enough for now.",
        ),
        Asking(
            "Quand l’avez-vous signalé à l’intérieur de votre propre entreprise ou organisation ?",
            "Un délai court à partir de ce jour. Si le jour pouvait montrer qui vous êtes, le mois suffit pour le "
            "moment.",
        ),
    ),
    "own_suit_on": (
        Asking(
            "If you or a lawyer for you filed suit, when was that?",
            "Some laws count from that day. If the suit must be kept secret (“under seal”), ask your lawyer before you "
            "answer.",
        ),
        Asking(
            "Si vous, ou un avocat pour vous, avez engagé une action en justice, quand était-ce ?",
            "Certaines lois comptent à partir de ce jour. Si l’action doit rester secrète (« under seal »), demandez à "
            "votre avocat avant de répondre.",
        ),
    ),
    "filed": (
        Asking(
            "Have you, or a lawyer for you, filed this: %(form)s? Programme: %(programme)s.",
            "This programme counts what you file yourself or through a lawyer. What we pass on does not count for you.",
        ),
        Asking(
            "Avez-vous, vous-même ou par un avocat, déposé ceci : %(form)s ? Programme : %(programme)s.",
            "Ce programme compte ce que vous déposez vous-même ou par un avocat. Ce que nous transmettons ne compte "
            "pas pour vous.",
        ),
    ),
    "reported_on": (
        Asking(
            "If you told the authority of this programme yourself, when was that? Programme: %(programme)s.",
            "It can matter who told it first. If the day could show who you are, the month is enough for now.",
        ),
        Asking(
            "Si vous l’avez dit vous-même à l’autorité de ce programme, quand était-ce ? Programme : %(programme)s.",
            "Il peut être important de savoir qui l’a dit en premier. Si le jour pouvait montrer qui vous êtes, le "
            "mois suffit pour le moment.",
        ),
    ),
    "appealed_on": (
        Asking(
            "If you or a lawyer for you appealed against the decision on the reward, when was that? Programme: "
            "%(programme)s.",
            "The time to appeal is short.",
        ),
        Asking(
            "Si vous, ou un avocat pour vous, avez contesté la décision sur la récompense, quand était-ce ? "
            "Programme : %(programme)s.",
            "Le délai pour contester est court.",
        ),
    ),
}
"""Every question that a source can know, by its family."""

ASK: Final = {
    "en": "A question about rewards. You are free not to answer it, and nothing else depends on it.\n\n%(question)s\n\n"
    "Why we ask: %(why)s\n\n“I do not know” is an answer too. Please write nothing that shows who you are. We cannot "
    "promise a reward.",
    "fr": "Une question au sujet des récompenses. Vous êtes libre de ne pas répondre, et rien d’autre n’en dépend.\n\n"
    "%(question)s\n\nPourquoi nous le demandons : %(why)s\n\n« Je ne sais pas » est aussi une réponse. N’écrivez rien "
    "qui montre qui vous êtes. Nous ne pouvons pas promettre de récompense.",
}


def in_languages(languages: Sequence[str], say: Callable[[str], str]) -> str:
    """Return the same words in each language, one after the other."""
    return BETWEEN.join(say(language) for language in languages)


def place(language: str) -> int:
    """Return where a language stands in the pairs of this module."""
    return LANGUAGES.index(language)


def question_for_source(question: Question, programmes: Sequence[Programme], language: str) -> str:
    """Return the words that ask a source one question, with why it is asked and that answering is free.

    Raises:
        ActError: a source cannot know it, or no programme asks it.
    """
    if question.asked != "source" or question.family not in QUESTIONS:
        raise ActError("only what the source can know is asked of them; find this one out")
    asking = QUESTIONS[question.family][place(language)]
    about = {"programme": "", "form": ""}
    if question.about:
        of_law = [programme for programme in programmes if programme.rules[0].basis.law == question.about]
        if not of_law:
            raise ActError("no programme asks this question any more; choose another")
        first = next((programme for programme in of_law if programme.id == question.about), of_law[0])
        about = {
            "programme": name_of(first, language),
            "form": ", ".join(dict.fromkeys(form for each in of_law for form in forms_of(each))) or "?",
        }
    return ASK[language] % {"question": asking.question % about, "why": asking.why}


def name_of(programme: Programme, language: str) -> str:
    """Return a programme's name in a language, else as it has it."""
    return in_language(programme.name, language)[1]


def forms_of(programme: Programme) -> tuple[str, ...]:
    """Return the names of what a source must file themselves."""
    return tuple(rule.form for rule in programme.rules if isinstance(rule, Filing))


def day_of(day: date, language: str) -> str:
    """Return a day in words."""
    return format_date(day, "d MMMM yyyy", locale=language)
