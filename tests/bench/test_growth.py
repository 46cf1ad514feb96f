"""How time and memory grow with the number of tuned models, and what the program adds to azure-native's own imports.

Bounds are of the processor's time, and about twice what a machine of two cores took. `make bench` has the figures.
"""

from __future__ import annotations

import pytest

from tests.bench.measured import Figure, measured, named_modules

pytestmark = pytest.mark.slow


def _least(what: str, number: int | None = None) -> Figure:
    """Of three measurements the one that other work on the machine disturbed least."""
    return min((measured(what, number) for _ in range(3)), key=lambda figure: figure.cpu)


def test_a_hundred_models_of_one_account_are_looked_over_within_ten_seconds() -> None:
    """An up that changes nothing, in process, the local Azure's share included."""
    figure = measured("again", 100)

    assert figure.cpu < 10
    assert figure.megabytes < 500


def test_declaring_grows_with_the_square_of_the_models_at_most() -> None:
    """Each depends on all before it: 4,950 edges for a hundred."""
    ten, hundred = _least("declare", 10), _least("declare", 100)

    assert hundred.cpu < 6
    assert hundred.cpu < 25 * ten.cpu
    assert hundred.megabytes < 2 * ten.megabytes


def test_the_program_adds_less_than_a_third_to_the_imports_of_azure_native() -> None:
    """All that it names of azure-native, loaded, beside the same with the program around it."""
    assert "pulumi_azure_native.cognitiveservices" in named_modules()
    everything, azure_native = _least("imports"), _least("named")

    assert everything.cpu / azure_native.cpu < 1.3


def test_only_three_modules_of_azure_native_are_loaded_before_they_are_used() -> None:
    """The others cost nothing until something of theirs is declared; what is left is mostly the config's shapes."""
    start, loaded, named = _least("start"), _least("loaded"), _least("named")

    assert start.cpu < named.cpu
    assert start.cpu / loaded.cpu < 2
