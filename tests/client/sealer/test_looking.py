"""Looks and clean copies in the browsers that sources have: they take apart and put together, and they decode."""

import json
from pathlib import Path

from tests.client.node import FOLDER, Core, run
from tests.client.sealer.browsers import Browser, reads


def page(node: str, core: Core, folder: Path) -> Path:
    """A page that cleans files that tell a lot, and compares what the browser decodes before and after."""
    options = ("--bundle", "--format=iife", "--target=firefox128", f"--outfile={folder / 'look.js'}")
    run(node, "node_modules/esbuild/bin/esbuild", FOLDER / "look_page.ts", *options)
    files = json.dumps(core.ask("look_samples"))
    path = folder / "look.html"
    path.write_text(
        f'<!doctype html><meta charset="utf-8"><body><script type="text/plain" id="samples">{files}</script>'
        '<script src="look.js"></script>'
    )
    return path


def test_a_clean_picture_is_the_same_to_the_pixel(browser: Browser, node: str, core: Core, tmp_path: Path) -> None:
    """The browser finds nothing in a clean copy of any kind, and decodes the same pixels, turned as before."""
    browser.open(page(node, core, tmp_path))
    verdicts: dict[str, str] = json.loads(reads(browser, "}"))

    assert len(verdicts) == 15
    assert verdicts["baseline.jpg"] == "the same 16 x 24 pixels"
    assert {name: said for name, said in verdicts.items() if not said.startswith(("the same ", "cleaned"))} == {}
