"""Until when a model may be used, and for what.

Dates are UTC days; what a date ends has ended when that day begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True)
class Lifecycle:
    """The dates after which a base model and what was tuned from it can be used less and less.

    deprecating_since    from then on only subscriptions that deployed this very version may deploy it
    inference_retires    the base answers 410 from then on, and cannot be deployed any more
    training_ends        no fine-tuning job is accepted from then on ("no earlier than", in the documents)
    tuned_ends           tuned models answer 410 from then on, and cannot be deployed any more
    """

    deprecating_since: date | None = None
    inference_retires: date | None = None
    training_ends: date | None = None
    tuned_ends: date | None = None


def day_start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def ended(day: date | None, now: datetime) -> bool:
    return day is not None and now >= day_start(day)
