"""The sealing client as a whole: its types, its build, and its own tests."""

import gzip
import json
import re
from pathlib import Path

import pytest

from tests.client.node import CLIENT, FOLDER, ROOT, run


def test_every_type_holds(node: str) -> None:
    """The compiler finds nothing in the client, strict in every way."""
    run(node, "node_modules/typescript/bin/tsc", "--noEmit")


@pytest.mark.slow
def test_every_type_of_the_tests_holds(node: str) -> None:
    """The compiler finds nothing in the client's tests either."""
    run(node, CLIENT / "node_modules/typescript/bin/tsc", "--noEmit", "--project", ".", folder=FOLDER)


@pytest.mark.slow
def test_the_core_knows_nothing_of_where_it_runs(node: str) -> None:
    """It compiles without a page, a network, a clock or a storage, and asks the language itself for no time."""
    run(node, "node_modules/typescript/bin/tsc", "--noEmit", "--project", "tsconfig.core.json")

    for path in (CLIENT / "src/core").glob("*.ts"):
        assert not re.search(r"Date\.now|new Date\(\)|Math\.random", path.read_text()), path.name


def test_what_browsers_run_is_built_from_this_source(node: str) -> None:
    """The committed files in wire/built are, byte for byte, what the source builds."""
    run(node, "build.mjs", "--check")


def test_a_page_loads_in_little(node: str) -> None:
    """Compressed as it is served, the page's script stays below 80 kB."""
    assert len(gzip.compress((ROOT / "wire/built/page.js").read_bytes(), 9)) < 80_000


def test_nothing_is_bundled_twice(node: str) -> None:
    """Of each package the lock file has one version, so no page carries two of them."""
    packages = json.loads((CLIENT / "package-lock.json").read_text())["packages"]
    names = [path.rpartition("node_modules/")[2] for path in packages if path]

    assert sorted(names) == sorted(set(names))


def test_packages_come_by_their_hash(node: str) -> None:
    """The lock file names a hash for each package, and no place that it must come from."""
    packages = json.loads((CLIENT / "package-lock.json").read_text())["packages"]

    assert all(one["integrity"].startswith("sha512-") for path, one in packages.items() if path)
    assert not any("resolved" in one for one in packages.values())


def test_the_node_tests_pass(node: str, bundles: Path) -> None:
    """Every `*.test.ts` succeeds under node."""
    found = sorted(str(path) for path in bundles.rglob("*.test.mjs"))

    assert len(found) == len(list(FOLDER.rglob("*.test.ts")))
    run(node, "--enable-source-maps", "--test", "--test-reporter=spec", *found, folder=ROOT)
