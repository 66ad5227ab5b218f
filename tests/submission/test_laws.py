"""What the intake says of the law agrees with the programmes that reviewers work with, and names where it was read."""

import tomllib
from datetime import date
from importlib import resources

import pytest

from reviewer.rewards.library import shipped
from reviewer.rewards.programme import Programme
from submission.language import LANGUAGES
from submission.laws import Law, Reward, by_country, protection, rewards

SHIPPED = {programme.id: programme for programme in shipped()}
LAWS: tuple[Law, ...] = (*rewards(), *protection())


def _shuts_out_officers(programme: Programme) -> bool:
    file = resources.files("reviewer").joinpath("data", "programmes", f"{programme.id}.toml")
    rules = tomllib.loads(file.read_text("utf-8"))["rules"]
    return any(rule["kind"] == "officer" and rule.get("in_duty", False) for rule in rules)


def test_each_programme_of_the_reviewers_is_shown() -> None:
    """A source reads of the same programmes as a reviewer, each once."""
    assert sorted(reward.id for reward in rewards()) == sorted(SHIPPED)


@pytest.mark.parametrize("reward", rewards(), ids=lambda reward: reward.id)
def test_a_reward_is_what_the_programme_is(reward: Reward) -> None:
    """Country, citation, day of the check and what it sets are those of the reviewers' record."""
    programme = SHIPPED[reward.id]

    assert (reward.jurisdiction, reward.citation, reward.checked) == (
        programme.jurisdiction,
        programme.citation,
        programme.checked,
    )
    assert (reward.wildlife, reward.amount) == (programme.wildlife, programme.amount)


@pytest.mark.parametrize("reward", rewards(), ids=lambda reward: reward.id)
def test_officials_are_warned(reward: Reward) -> None:
    """Where a programme shuts out officials in their duty, the page says so, by its mark or in its own words."""
    said = reward.officials or "fficials" in reward.says["en"] or "employees" in reward.says["en"]

    assert said or not _shuts_out_officers(SHIPPED[reward.id])
    assert not reward.officials or _shuts_out_officers(SHIPPED[reward.id])


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.id)
def test_a_law_speaks_each_language_and_names_its_place(law: Law) -> None:
    """Words in every language, a citation and a day stand at each."""
    assert sorted(law.says) == sorted(LANGUAGES)
    assert all(len(text) > 20 for text in law.says.values())
    assert law.citation
    assert type(law.checked) is date


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.id)
def test_figures_are_the_same_in_each_language(law: Law) -> None:
    """No figure was lost or changed in translation."""

    def digits(text: str) -> list[str]:
        return sorted("".join(part if part.isdigit() else "" for part in text))

    # French writes the first of a month with a figure where English does too, and decimals with a comma.
    assert digits(law.says["en"]) == digits(law.says["fr"])


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.id)
def test_no_doubt_is_shown_as_fact(law: Law) -> None:
    """Words that mark what nobody read in a source stand in no text."""
    for doubt in ("[gk]", "general knowledge", "secondary", "form 211", "90 days", "90 calendar"):
        assert doubt not in law.says["en"].casefold()


def test_a_law_of_protection_names_its_sources() -> None:
    """Each entry tells whoever corrects it where it was read."""
    text = resources.files("submission").joinpath("data", "protection.toml").read_text("utf-8")

    assert all(entry["sources"] for entry in tomllib.loads(text)["laws"])


def test_laws_of_one_country_stand_together() -> None:
    """No country comes twice in a list."""
    for laws in ([reward for reward in rewards() if reward.wildlife], list(protection())):
        countries = [country for country, _ in by_country(laws)]
        assert len(countries) == len(set(countries))
