"""What the pages call the questions, answers, rules and steps of reward programmes."""

from collections.abc import Mapping
from typing import Final

from reviewer.language import LazyText, lazy, show_country
from reviewer.rewards.questions import Question

ALONE: Final[Mapping[str, LazyText]] = {
    "reward_wish": lazy("Does the source wish a reward?"),
    "willing_to_testify": lazy("Is the source willing to testify?"),
    "public_official": lazy("Is the source a public official, and did they learn it or do they tell it in duty?"),
    "official_of": lazy("Of which country is the source an official?"),
    "official_level": lazy("Is the source an official of the nation, or of a state, province or commune?"),
    "enforcement_member": lazy(
        "Is the source with a regulator, prosecutor, self-regulator, audit overseer or the police, or were they when "
        "they learnt it?"
    ),
    "own_role": lazy("Is the source an auditor of the firm, or its compliance or legal person?"),
    "own_part": lazy("What part did the source have in the offence?"),
    "own_knowledge": lazy("Does the source know it from their own knowledge or analysis?"),
    "already_public": lazy("How much of it is in news, hearings or reports already?"),
    "voluntary": lazy("Did the source tell it before anybody asked them for it?"),
    "false_statement": lazy("Did the source say something that they knew to be false?"),
    "ready_to_be_named": lazy("Does the source accept that the authority learns their name?"),
    "counsel": lazy("Does the source have a lawyer?"),
    "internal_report": lazy("Did the source report it within their own firm?"),
    "internal_report_on": lazy("On which day did the source report it within their own firm?"),
    "transnational": lazy("Does more than one country have a part in it?"),
    "government_suit": lazy("Is the government a party to proceedings on it already?"),
    "related_suit": lazy("Has anybody else filed suit on the same facts?"),
    "related_suit_on": lazy("On which day did the other one file suit?"),
    "own_suit_on": lazy("On which day did the source file suit?"),
    "taxpayer_is_a_person": lazy("Is the taxpayer a person, rather than a firm?"),
}

FAMILIES: Final[Mapping[str, LazyText]] = {
    "link": lazy("Does anything tie the case to this country: %(about)s?"),
    "proceedings": lazy("How far are proceedings: %(about)s?"),
    "broken": lazy("Was the law of this programme broken: %(about)s?"),
    "filed": lazy("Has the source, or a lawyer for them, filed what this programme demands: %(about)s?"),
    "reported_on": lazy("On which day did the source first tell the authority of this programme: %(about)s?"),
    "known": lazy("Had the authority of this programme heard it from elsewhere: %(about)s?"),
    "known_on": lazy("On which day did officials of this programme first hear it from elsewhere: %(about)s?"),
    "in_force": lazy("Does this programme run, and can it pay: %(about)s?"),
    "violated_on": lazy("On which day was the law of this programme broken: %(about)s?"),
    "disputed": lazy("How much is in dispute: %(about)s?"),
    "income": lazy("What was the taxpayer's highest gross income in a year concerned: %(about)s?"),
    "arrest": lazy("Was anybody arrested or caught under the law of this programme: %(about)s?"),
    "conviction": lazy("Was anybody convicted under the law of this programme: %(about)s?"),
    "penalty": lazy("Was a penalty or fine set under the law of this programme: %(about)s?"),
    "forfeiture": lazy("Was property forfeited under the law of this programme: %(about)s?"),
    "recovery": lazy("Was money or duty recovered under this programme: %(about)s?"),
    "judgment": lazy("Was there a judgment or a settlement: %(about)s?"),
    "action": lazy("Did the authority of this programme bring an action that succeeded: %(about)s?"),
    "dismantling": lazy("Was an organisation dismantled: %(about)s?"),
    "leader": lazy("Was a key leader identified or found: %(about)s?"),
    "finances": lazy("Were the organisation's finances disrupted: %(about)s?"),
    "offer": lazy("Did the authority decide to pay for the information: %(about)s?"),
    "collected": lazy("How much was collected under the law of this programme: %(about)s?"),
    "sanctions": lazy("How high are the sanctions that count: %(about)s?"),
    "refused": lazy("Did the authority decide on an award in a way that the source may contest: %(about)s?"),
    "determined_on": lazy("On which day did the authority decide on the award: %(about)s?"),
    "appealed_on": lazy("On which day did the source appeal: %(about)s?"),
}

ANSWERS: Final[Mapping[str, LazyText]] = {
    "yes": lazy("yes"),
    "no": lazy("no"),
    "unsure": lazy("not known"),
    "not_yet": lazy("not yet"),
    "will_not": lazy("no, and they will not"),
    "in_duty": lazy("yes, and in duty"),
    "off_duty": lazy("yes, but not in duty"),
    "national": lazy("of the nation"),
    "local": lazy("of a state, province or commune"),
    "none": lazy("none"),
    "auditor": lazy("auditor"),
    "compliance": lazy("compliance"),
    "legal": lazy("legal"),
    "took_part": lazy("took part"),
    "profited": lazy("knowingly profited"),
    "planned": lazy("planned or began it"),
    "convicted": lazy("was convicted for it"),
    "partly": lazy("some of it"),
    "mainly": lazy("most of it"),
    "solely": lazy("all of it"),
    "by_source": lazy("some or all, made public by the source"),
    "under_way": lazy("under way"),
    "over": lazy("over"),
}

STATES: Final[Mapping[str, LazyText]] = {
    "open": lazy("open so far"),
    "missing": lazy("facts missing"),
    "shut": lazy("shut out"),
}

BROKEN: Final[Mapping[str, LazyText]] = {
    "link": lazy("Nothing ties the case to the country of this programme."),
    "law": lazy("The law of this programme was not broken."),
    "transnational": lazy("Only one country has a part in it."),
    "no_government_suit": lazy("The government is a party to proceedings on it already."),
    "outcome": lazy("Proceedings ended without an outcome under the law of this programme."),
    "collected": lazy("Proceedings ended and nothing was collected under the law of this programme."),
    "threshold": lazy("The amount does not reach what this programme demands."),
    "first_report": lazy("The authority had it from elsewhere before the source told it."),
    "first_to_file": lazy("Somebody else filed suit first."),
    "voluntary": lazy("The source told it only when asked for it."),
    "own_knowledge": lazy("The source does not know it from their own knowledge or analysis."),
    "named": lazy("The source does not want the authority to learn their name, and it must."),
    "truthful": lazy("The source said something that they knew to be false."),
    "officer": lazy("The source is a public official whom this programme shuts out."),
    "complicity": lazy("The source had a part in the offence."),
    "role": lazy("The source had a role in the firm that shuts them out."),
    "member": lazy("The source was with an authority whose people are shut out."),
    "already_public": lazy("It is public already."),
    "public_disclosure_bar": lazy("It is public already, and the source does not know it first hand."),
    "filing": lazy("The source will not file what they must file themselves."),
    "counsel": lazy("The source wants neither a name nor a lawyer."),
    "time_limit": lazy("The time for it went by."),
    "limitation": lazy("It is too late to file suit."),
    "in_force": lazy("The programme does not run, or cannot pay."),
    "no_other_programme": lazy("The source can be paid by another programme: %(names)s."),
}
"""Why a rule shuts a source out, by the rule's kind."""

LESS: Final[Mapping[str, LazyText]] = {
    "complicity": lazy("An award would be less: the source had a part in the offence."),
    "already_public": lazy("An award would be less: it rests on what is public."),
    "public_disclosure_bar": lazy("An award would be less: it rests on what is public."),
    "threshold": lazy("An award would be less or at discretion: the amount is below the threshold."),
}

OPEN: Final = lazy("No rule that is known here shuts the source out. That is no promise.")
MISSING: Final = lazy("Not known yet: %(question)s")

STEPS: Final[Mapping[str, LazyText]] = {
    "ask": lazy("Ask the source."),
    "find_out": lazy("Find it out."),
    "wait": lazy("Wait until an office reports it."),
    "counsel": lazy("The source must find a lawyer, who files for them."),
    "file": lazy("The source, or a lawyer for them, must file: %(form)s. What we pass on does not count."),
    "appeal": lazy("If an award was refused, the source or their lawyer must appeal in time."),
    "apply": lazy("The source, or a lawyer for them, can ask the authority for the award. Promise nothing."),
    "none": lazy("Nothing, unless a fact is corrected."),
}

WHO_KNOWS: Final[Mapping[str, LazyText]] = {
    "source": lazy("the source can know"),
    "reviewer": lazy("reviewers can find out"),
    "office": lazy("an office reports it"),
}

AMOUNTS: Final[Mapping[str, LazyText]] = {
    "set": lazy(
        "The law names a share or a limit, and leaves the rest to the authority: nobody can say what it will be."
    ),
    "not_set": lazy("The law sets no amount at all: an award can be small, or none."),
    "unclear": lazy("The law does not say clearly whether anything is paid."),
}

ANONYMITY: Final[Mapping[str, LazyText]] = {
    "silent": lazy("The law says nothing about anonymity."),
    "confidential": lazy("The authority may keep the name confidential; it learns it."),
    "counsel": lazy("Anonymous only through a lawyer."),
    "no": lazy("Not possible without a name."),
    "unknown": lazy("Whether a source can stay anonymous is not known."),
}

TOPICS: Final[Mapping[str, LazyText]] = {
    "authority": lazy("Who decides"),
    "threshold": lazy("What it takes"),
    "award": lazy("Award"),
    "triggers": lazy("What triggers it"),
    "eligible": lazy("Who can"),
    "excluded": lazy("Who cannot"),
    "filing": lazy("Who must file what"),
    "anonymity": lazy("Anonymity"),
    "time_limits": lazy("Time limits"),
}

SAID_BY: Final[Mapping[str, LazyText]] = {
    "source": lazy("the source"),
    "reviewer": lazy("a reviewer found out"),
    "office": lazy("an office told it, not signed"),
}

SIGNED: Final = lazy("an office signed it")
"""Who said a fact that follows from what an office signed."""


def question(asked: Question, names: Mapping[str, str]) -> str:
    """Return the words of a question.

    Args:
        asked: the question.
        names: of each law, its programme in the reader's language.
    """
    if not asked.about:
        return str(ALONE[asked.name])
    about = names.get(asked.about) or show_country(asked.about.upper())
    return str(FAMILIES[asked.family]) % {"about": about}


def answer(text: str) -> str:
    """Return an answer: an option in the reader's language, anything else as it was written."""
    return str(ANSWERS.get(text, text))
