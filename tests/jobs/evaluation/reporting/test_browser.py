"""The report in a real browser: it is drawn in light, in dark and on paper, and says nothing to the console."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from jobs.evaluation.reporting.page import page
from tests.jobs.evaluation.reporting.pages import reported
from tests.jobs.evaluation.scorecards import BASE

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        BROWSER is None, reason="NOT TESTED: there is no Chromium on PATH, so nobody has looked at the report"
    ),
]
DARK, LIGHT = 0, 1
"""Chromium's `preferredColorScheme`."""


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the page in it, and what the browser makes of it."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "report.html").write_text(page(reported()), encoding="utf-8")
    yield folder
    shutil.rmtree(folder / "profile", ignore_errors=True)


def _browser(folder: Path, *options: str, html: str = "report.html") -> str:
    """What it writes to its log, where the console's lines stand too."""
    shared = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr")
    quiet = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
    command = [str(BROWSER), *shared, *quiet, f"--user-data-dir={folder / 'profile'}", *options]
    done = subprocess.run([*command, (folder / html).as_uri()], capture_output=True, text=True, timeout=60, check=True)
    return done.stderr


@pytest.mark.parametrize(("scheme", "paper"), [(LIGHT, (255, 255, 255)), (DARK, (13, 17, 23))])
def test_it_is_drawn_as_the_reader_s_screen_wants_it(looked_at: Path, scheme: int, paper: tuple[int, int, int]) -> None:
    picture = looked_at / f"{scheme}.png"

    log = _browser(
        looked_at,
        f"--screenshot={picture}",
        "--window-size=1000,2400",
        f"--blink-settings=preferredColorScheme={scheme}",
    )

    assert "CONSOLE" not in log
    with Image.open(picture) as image:
        colours = image.convert("RGB").getcolors(1 << 24) or []
        assert image.convert("RGB").getpixel((5, 5)) == paper
    # Words, a verdict, bars and lines: what is drawn is no empty page.
    assert len(colours) > 200


def test_a_narrow_screen_shows_all_of_it_without_scrolling_sideways_and_paper_has_every_column(looked_at: Path) -> None:
    """Between its margins A4 has 718 pixels; the browser starts once for both."""
    html = (looked_at / "report.html").read_text(encoding="utf-8")
    # The page lets no script run; and what one says to the console is heard.
    bare = re.sub("<meta http-equiv[^>]*>", "", html)
    tables = "[...document.querySelectorAll('.scroll')].map(each => each.scrollWidth - each.clientWidth)"
    cut = f"<script>console.log('cut ' + Math.max(...{tables}))</script></body>"
    live = f"{BASE}.ft-{'0123456789abcdef' * 2}-clippy-0123abcd"
    paper = bare.replace("@media print", "@media all").replace(f">{BASE}</code></td>", f">{live}</code></td>")
    (looked_at / "paper.html").write_text(paper.replace("</body>", cut), encoding="utf-8")
    beside = '<iframe src="paper.html" style="position: fixed; width: 718px; height: 900px"></iframe>'
    measure = f"{beside}<script>console.log('wide ' + document.documentElement.scrollWidth)</script></body>"
    (looked_at / "probe.html").write_text(bare.replace("</body>", measure), encoding="utf-8")

    log = _browser(looked_at, f"--screenshot={looked_at / 'n.png'}", "--window-size=500,900", html="probe.html")

    [width] = re.findall(r"CONSOLE.*wide (\d+)", log)
    assert int(width) <= 500
    assert live in paper
    assert re.findall(r"CONSOLE.*cut (-?\d+)", log) == ["0"]


def test_it_is_printed_dark_on_white_over_pages(looked_at: Path) -> None:
    paper = looked_at / "report.pdf"

    log = _browser(
        looked_at, f"--print-to-pdf={paper}", "--no-pdf-header-footer", "--blink-settings=preferredColorScheme=0"
    )

    assert "CONSOLE" not in log
    assert paper.read_bytes().startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) >= 2
