"""Regular expressions that people write, as the ``regex`` library reads them, which can be told when to give up."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from contract.shape import Text

_LONGEST = 1000


def _compiles(pattern: str) -> str:
    """Raises ValueError where it is none."""
    import regex

    if len(pattern) > _LONGEST:
        raise ValueError(f"has {len(pattern)} characters, at most {_LONGEST} are allowed")
    try:
        regex.compile(pattern)
    except regex.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    except (OverflowError, RecursionError, MemoryError, ValueError) as error:
        raise ValueError(f"is no regular expression that can be read ({type(error).__name__})") from None
    return pattern


Pattern = Annotated[Text, AfterValidator(_compiles)]
