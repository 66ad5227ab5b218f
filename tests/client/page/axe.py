"""axe-core, the judge of accessible pages, let loose on a page."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

SERIOUS: Final = {"serious", "critical"}
RUN: Final = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const places = (nodes) => nodes.map((one) => one.html.slice(0, 160)).join("\\n");
  return violations.map(({ id, impact, nodes }) => [impact, id, places(nodes)]);
}"""


@dataclass(frozen=True)
class Axe:
    """The judge.

    Attributes:
        script: as the npm package holds it.
    """

    script: str

    @classmethod
    def of(cls, packages: Path) -> "Axe":
        """Take it from a folder of npm packages."""
        return cls((packages / "axe-core/axe.min.js").read_text("utf-8"))

    def judge(self, page: Page, where: str) -> None:
        """Fail for whatever is serious or worse on the page, in light and in dark.

        Args:
            page: as it stands now.
            where: what to call it.
        """
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.evaluate(self.script)
            found: list[tuple[str, str, str]] = page.evaluate(RUN)
            worst = [f"{rule} ({impact}): {places}" for impact, rule, places in found if impact in SERIOUS]
            assert not worst, f"{where}, {scheme}: " + "\n".join(worst)
        page.emulate_media(color_scheme="light")
