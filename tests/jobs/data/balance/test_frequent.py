"""What is frequent among more values than are kept, and samples that don't depend on order."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from jobs.data.balance.frequent import Frequent
from jobs.data.balance.sample import Sample

VALUES = st.lists(st.sampled_from("abcdefghijklmnopqrst"), max_size=120)


def counted(values: list[str], room: int) -> Frequent:
    found = Frequent(room)
    for value in values:
        found.add(value)
    return found


@given(VALUES, st.integers(0, 120), st.integers(1, 8))
def test_no_count_lacks_more_than_is_said_and_none_is_too_high(values: list[str], cut: int, room: int) -> None:
    """Misra and Gries: with room for k values a count lacks at most the k-th part of the total, merged or not."""
    found = counted(values[:cut], room)
    found.merge(counted(values[cut:], room))
    exact, told = Counter(values), dict(found.counts())

    assert found.total == len(values)
    assert found.missed * room <= len(values)
    for value, count in exact.items():
        assert count - found.missed <= told.get(value, 0) <= count


@given(VALUES)
def test_where_there_is_room_counts_are_exact(values: list[str]) -> None:
    found = counted(values, 20)

    assert dict(found.counts()) == Counter(values)
    assert found.distinct == len(set(values))
    assert found.most() == (min(Counter(values).items(), key=lambda item: (-item[1], item[0])) if values else None)


@given(st.lists(st.text(max_size=5), max_size=40), st.integers(0, 40))
def test_a_sample_depends_neither_on_the_order_nor_on_where_the_file_is_cut(texts: list[str], cut: int) -> None:
    whole, first, second, turned = (Sample(5, 3) for _ in range(4))
    for number, text in enumerate(texts):
        whole.add(text)
        (first if number < cut else second).add(text)
    for text in reversed(texts):
        turned.add(text)
    first.merge(second)

    assert list(first.texts()) == list(whole.texts()) == list(turned.texts())
    assert len(list(whole.texts())) == min(5, len({text[:3] for text in texts}))
