"""What the report says, and the page that says it. Values in, text out; nothing in it is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from contract.release import ReleaseRecord, Sku
from jobs.evaluation.reporting.curve_drawing import curve_drawing
from jobs.evaluation.reporting.interval_drawing import interval_drawing
from jobs.evaluation.scorecard import Row, Scorecard
from jobs.tuning.curves.learning_curve import LearningCurve

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

SIGN = "tuned-models report"
"""Stands in every page as its generator: so that no other file is ever written over."""
SHOWN = 100
"""Regressions on the page; how many there are stands beside them."""
_LABELS = 30
"""A confusion matrix of more of them is no picture any more."""


@dataclass(frozen=True)
class DeployedIn:
    account: str
    location: str
    deployment: str
    sku: Sku
    per_30_days: Decimal | None
    """US dollars; None where the price is not known."""


@dataclass(frozen=True)
class Reported:
    """Everything that the page tells.

    curve, why_no_curve         the run's own curve, or in words why it is not there
    scorecard, why_no_scorecard likewise
    examples                    how many there are of each dataset, where that is known
    """

    model: str
    stack: str
    role: str
    record: ReleaseRecord
    at: str
    scorecard: Scorecard | None = None
    why_no_scorecard: str | None = None
    curve: LearningCurve | None = None
    why_no_curve: str | None = None
    examples: Mapping[str, int | None] | None = None
    deployments: tuple[DeployedIn, ...] = ()

    @property
    def compared_with(self) -> str | None:
        """By what was decided."""
        comparisons = self.scorecard.comparisons if self.scorecard is not None else ()
        return comparisons[0].against if comparisons else None

    def regressions(self) -> tuple[Row, ...]:
        if self.scorecard is None or not self.scorecard.comparisons:
            return ()
        rows = {row.index: row for row in self.scorecard.rows}
        return tuple(rows[index] for index in self.scorecard.comparisons[0].regressions if index in rows)


def page(reported: Reported) -> str:
    """The HTML, complete."""
    card = reported.scorecard
    regressions = reported.regressions()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            sign=SIGN,
            it=reported,
            record=reported.record,
            evaluation=reported.record.evaluation,
            card=card,
            candidate=card.card("candidate") if card is not None else None,
            slices=_slices(card) if card is not None else (),
            intervals=interval_drawing(card.comparisons) if card is not None else None,
            curve=curve_drawing(reported.curve) if reported.curve is not None else None,
            regressions=regressions[:SHOWN],
            regressions_in_all=len(regressions),
            labels=_LABELS,
        )
    )


def _slices(card: Scorecard) -> tuple[str, ...]:
    """In the order of their size, the largest first."""
    counts: dict[str, int] = {}
    for contender in card.contenders:
        for name, means in contender.slices.items():
            counts[name] = max(counts.get(name, 0), *(mean.count for mean in means.values()))
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


@lru_cache
def _environment() -> Environment:
    """With its template compiled once."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("jobs.evaluation.reporting", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "signed": _signed, "usd": _usd, "count": _count}
    return environment


def _number(value: float | None, digits: int = 3) -> Markup:
    """As people read it, and with every digit that it has for whoever reads the page by program."""
    return _data(value, "–" if value is None else f"{value:.{digits}f}")


def _signed(value: float | None, digits: int = 3) -> Markup:
    return _data(value, "–" if value is None else f"{value:+.{digits}f}".replace("-", "−"))


def _usd(value: float | Decimal | None, digits: int = 2) -> Markup:
    return _data(value, "not known" if value is None else f"${value:,.{digits}f}")


def _count(value: int | None) -> Markup:
    return _data(value, "–" if value is None else f"{value:,}")


def _data(value: object, text: str) -> Markup:
    from markupsafe import Markup

    return Markup("{}").format(text) if value is None else Markup('<data value="{}">{}</data>').format(value, text)
