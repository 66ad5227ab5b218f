"""How fast cases are judged against every programme: `python -m bench.rewards [--cases N] [--profile]`.

The cases are mixed and always the same: from nothing known to nearly everything, so that programmes come out open, shut
and with facts missing. The aim is 10,000 cases within 5 seconds
of one processor.
"""

import argparse
import cProfile
import pstats
import random
import time
from collections import Counter
from datetime import date, timedelta
from typing import Final

from bench.machine import describe
from reviewer.rewards.facts import CaseFacts, Fact
from reviewer.rewards.library import shipped
from reviewer.rewards.programme import Programme
from reviewer.rewards.questions import Question, find_question, parse_answer
from reviewer.rewards.verdict import judge_all

TODAY: Final = date(2026, 11, 24)
SEED: Final = 2026
CASES: Final = 10_000
AIM_SECONDS: Final = 5.0


def answer_to(question: Question, chance: random.Random) -> str:
    """Return some answer to a question."""
    match question.kind:
        case "amount":
            return f"{chance.choice((0, 50_000, 1_000_000, 5_000_000))} {chance.choice(('USD', 'USD', 'CAD'))}"
        case "day":
            return (TODAY - timedelta(days=chance.randrange(4_000))).isoformat()
        case "country":
            return chance.choice(("US", "KE", "NP"))
        case _:
            return chance.choice(question.options)


def make_cases(count: int, programmes: tuple[Programme, ...]) -> list[CaseFacts]:
    """Return that many mixed cases, the same every time."""
    chance = random.Random(SEED)  # noqa: S311 - picks cases, keeps no secret
    names = sorted({name for programme in programmes for name in programme.questions})
    questions = [find_question(name) for name in names]
    cases = []
    for _ in range(count):
        asked = chance.sample(questions, chance.randrange(len(questions)))
        cases.append(
            CaseFacts(
                tuple(
                    Fact(each.name, parse_answer(each, answer_to(each, chance)), each.asked, "r1", TODAY)
                    for each in asked
                )
            )
        )
    return cases


def judge_cases(cases: list[CaseFacts], programmes: tuple[Programme, ...]) -> Counter[str]:
    """Judge every case against every programme; return how many came out in each state."""
    states: Counter[str] = Counter()
    for facts in cases:
        for verdict in judge_all(programmes, facts, TODAY):
            states[verdict.state] += 1
    return states


def main() -> int:
    """Print the figures; returns 1 when the aim is missed."""
    parser = argparse.ArgumentParser(description="How fast cases are judged against every reward programme.")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--profile", action="store_true", help="print where the time goes instead")
    given = parser.parse_args()
    programmes = shipped()
    cases = make_cases(given.cases, programmes)
    if given.profile:
        profile = cProfile.Profile()
        profile.runcall(judge_cases, cases, programmes)
        pstats.Stats(profile).sort_stats("tottime").print_stats(16)
        return 0
    started, used = time.perf_counter(), time.process_time()
    states = judge_cases(cases, programmes)
    seconds, used = time.perf_counter() - started, time.process_time() - used
    print(describe())
    print(
        f"{len(cases):,} cases against {len(programmes)} programmes in {seconds:.2f} s, {used:.2f} of the processor: "
        f"{len(cases) * len(programmes) / used:,.0f} verdicts a second; "
        f"open {states['open']:,}, missing {states['missing']:,}, shut {states['shut']:,}"
    )
    return int(used > AIM_SECONDS * given.cases / CASES)


if __name__ == "__main__":
    raise SystemExit(main())
