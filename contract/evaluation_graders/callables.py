"""A grader that people write in Python."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from contract.evaluation_graders.named import Named
from contract.shape import Text

_NAME = r"[A-Za-z_]\w*"
_NAMED = re.compile(rf"({_NAME}(?:\.{_NAME})*):({_NAME})", re.ASCII)


def _module_and_function(text: str) -> str:
    if not _NAMED.fullmatch(text):
        raise ValueError("is no module:function, such as my_graders:politeness")
    return text


class Callable(Named):
    """``function(question, answer)`` gives a number, true or false, or a mapping with ``score``, and ``reason`` or
    ``label`` where it likes."""

    type: Literal["callable"]
    function: Annotated[Text, AfterValidator(_module_and_function)] = Field(
        description="module:function, of a file beside tune.yaml, or else of what is installed."
    )

    @property
    def parts(self) -> tuple[str, str]:
        """Module and function."""
        module, _, function = self.function.partition(":")
        return module, function

    def file(self, folder: Path) -> Path | None:
        """The module's: beside tune.yaml in ``folder``, in the folder of models or in the project's, in this order.
        None where it is none of these."""
        beneath = Path(*self.parts[0].split(".")).with_suffix(".py")
        places = (folder, *folder.absolute().parents[:2])
        return next((path for place in places if (path := place / beneath).is_file()), None)
