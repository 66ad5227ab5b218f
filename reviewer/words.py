"""What the pages call things: words for every value that stands as a short name in messages and in the log."""

from collections.abc import Mapping
from typing import Final

from reviewer.language import LazyText, current_language, lazy
from wire.report_words import FIELD_WORDS, OPTION_WORDS

STATUS: Final[Mapping[str, LazyText]] = {
    "open": lazy("open"),
    "vetted": lazy("vetted"),
    "closed": lazy("closed"),
}

SEALED: Final[Mapping[str, LazyText]] = {
    "before": lazy("Sealed before the source came, on their own computer: nobody could read it on the way."),
    "device": lazy(
        "Sealed by the page on the source's device: nobody could read it on the way, unless the intake served a false "
        "page just then."
    ),
    "arrival": lazy(
        "Sealed on arrival, in the intake's memory: an intake that was taken over could have read it, could read our "
        "replies to it, and could write in the source's name."
    ),
}

STATE: Final[Mapping[str, LazyText]] = {
    "open": lazy("waits for another reviewer"),
    "held": lazy("stopped: the case is on hold"),
    "blocked": lazy("blocked"),
    "approved": lazy("approved"),
    "sent": lazy("handed over"),
    "withdrawn": lazy("withdrawn"),
}

BLOCKED: Final[Mapping[str, LazyText]] = {
    "office": lazy("The office is not on the organisation's list: two reviewers must agree on it first."),
    "claim": lazy("It holds a claim that has not been released: two reviewers must agree on that first."),
    "original": lazy("It holds an original that has not been released: two reviewers must agree on that first."),
    "draft": lazy("It cannot be read, does not hold, or is in another reviewer's name. Do not approve it."),
    "roster": lazy("The roster has changed since: propose it anew."),
}

VOID: Final[Mapping[str, LazyText]] = {
    "own": lazy("one's own approval counts once"),
    "twice": lazy("approved twice"),
    "roster": lazy("not on the roster"),
    "member": lazy("was never given the case"),
    "recused": lazy("was recused"),
    "fork": lazy("signed two different entries in one place"),
    "unseen": lazy("had not seen the proposal"),
    "hold": lazy("approved before seeing a hold: approve again"),
    "signature": lazy("the signature does not hold"),
}

CONFLICT: Final[Mapping[str, LazyText]] = {
    "status": lazy("Reviewers set different statuses at the same time; the more careful one counts."),
    "assigned": lazy("The case was assigned to different reviewers at the same time."),
    "members": lazy(
        "Apps tell differently who could read the first letter. Who counts: "
        "those whom all name, and those whom one names and who opened it."
    ),
    "handed": lazy("A reviewer who joined was given another text than the letter here. Talk to them by another way."),
    "attested": lazy(
        "An app attests something else than the letter here, or what it may not attest; that does not count. Compare "
        "the letter with the other reviewers."
    ),
    "letter": lazy("Apps tell differently about one letter. Compare it with the other reviewers."),
    "stranger": lazy("A reviewer who was never given the case wrote in it; that says nothing."),
    "sent-unapproved": lazy("A dossier was said to be handed over without enough approvals."),
    "sent-while-held": lazy("A dossier was handed over although the case was on hold."),
    "sent-after-recusal": lazy("A dossier was handed over by a reviewer who was recused."),
    "erased-unapproved": lazy("An app says it erased the case, though nobody else sees that two agreed."),
}

SET_ASIDE: Final[Mapping[str, LazyText]] = {
    "not_mine": lazy("not for you, or its key has been destroyed"),
    "mac": lazy("not written by the owner of its conversation"),
    "sheet": lazy("names another key sheet than the one it is sealed to"),
    "erased": lazy("belongs to a case that was erased"),
    "damaged": lazy("its parts are damaged"),
    "gone": lazy("its parts never came"),
}

RECEIPT: Final[Mapping[str, LazyText]] = {
    "receipt": lazy("Receipt: the dossier was opened"),
    "question": lazy("Question"),
    "outcome": lazy("Outcome"),
}

KINDS: Final[Mapping[str, LazyText]] = {
    "heads": lazy("was here (nothing new)"),
    "office-proposed": lazy("proposed an office"),
    "office-confirmed": lazy("confirmed an office"),
    "office-withdrawn": lazy("took an office off the list"),
    "looked": lazy("looked at the visitors' pages"),
    "alarm": lazy("raised an alarm about the visitors' pages"),
    "opened": lazy("opened a letter or a case"),
    "attested": lazy("attested since when it knows a letter"),
    "keyed": lazy("gave the case a new key"),
    "joined": lazy("gave the case to a reviewer"),
    "recused": lazy("took a reviewer off the case"),
    "assigned": lazy("assigned the case"),
    "noted": lazy("left a note"),
    "status": lazy("set the status"),
    "fact": lazy("recorded a fact"),
    "exhibit": lazy("added an exhibit"),
    "handed": lazy("gave a letter or a file of the past to a reviewer who joined"),
    "replied": lazy("replied to the source"),
    "held": lazy("put the case on hold"),
    "resumed": lazy("ended the hold"),
    "decided": lazy("went ahead although it could cost the source an award"),
    "dossier-proposed": lazy("proposed a dossier"),
    "dossier-approved": lazy("approved a dossier"),
    "release-proposed": lazy("proposed to release an original or a claim"),
    "erase-proposed": lazy("proposed to erase the case"),
    "confirmed": lazy("agreed to a release or an erasure"),
    "withdrawn": lazy("withdrew a proposal"),
    "dossier-sent": lazy("handed over a dossier"),
    "answer": lazy("imported an office's answer"),
    "ledger": lazy("recorded a step of a reward programme"),
    "erased": lazy("erased a case"),
}

ALARM: Final[Mapping[str, LazyText]] = {
    "roster": lazy("Visitors are shown another roster than yours."),
    "sheet": lazy("Visitors are given another key sheet than the reviewers', or an old one."),
    "keys": lazy("The page of keys does not show the roster and the key sheet."),
    "script": lazy("A page has a script that is not the one that seals, or lacks that one."),
    "foreign": lazy("A page brings in something from elsewhere, or leads elsewhere."),
    "form": lazy("A form is not the tip form, or goes elsewhere."),
    "header": lazy("An answer lacks the rules for browsers, or marks its visitor."),
    "closed": lazy("Visitors are told that it is closed, although a key sheet is in force."),
    "bundle": lazy(
        "The script that seals in the page, the offline sealer or the word list is not what reviewers signed for. If "
        "the operator has just renewed the intake, bring every reviewer's app to the same release: once enough of them "
        "have signed, this ends. If not, the intake gives sources a false program."
    ),
    "release": lazy(
        "Enough reviewers signed for a page or an offline sealer of another release than this app's. Bring all apps to "
        "the same release. If this stays, reviewers signed for programs that are not in any release: ask who."
    ),
    "width": lazy(
        "The key sheet names shelves of another width than all apps agreed to; fewer sources share a narrower one."
    ),
    "shelf": lazy("A shelf of replies is not whole: who looks there may be kept from replies, or be marked."),
    "changed": lazy("The pages are not what they were at this app's last visit."),
    "view": lazy("This app is shown other pages than another reviewer's app."),
}


def field(name: str) -> str:
    """Return the label of a field of the tip form."""
    return FIELD_WORDS[current_language()].get(name, name)


def answer(text: str) -> str:
    """Return an answer of the tip form: a choice in the reader's language, anything else as the source wrote it."""
    return OPTION_WORDS[current_language()].get(text, text)


def reason(word: str) -> str:
    """Return why something was set aside."""
    return str(SET_ASIDE.get(word, lazy("damaged, or not made by Lapwing")))
