"""A grader is looked at by the service before anything is sent for it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from contract.graders import AnyGrader
from contract.yaml_lines import Lines
from jobs.errors import Refused, ServiceRefused
from jobs.ports import FineTuning
from jobs.tuning.patience import Patience

_ANSWERING = timedelta(minutes=2)
_FINDS_FAULT = (400, 422)
"""Other refusals are of who asks, and from where."""


def looked_at(grader: AnyGrader, service: FineTuning, patience: Patience, tune_yaml: Path, lines: Lines) -> bool:
    """Whether the service finds the grader good; False where it has no request that asks it.

    Raises Refused with the service's words where it finds fault with it.
    """
    try:
        return patience.within(_ANSWERING)(lambda: service.validate_grader(grader))
    except ServiceRefused as refused:
        if refused.status not in _FINDS_FAULT:
            raise
        raise Refused(
            f"{tune_yaml}:{lines.of('grader')}: grader: the service does not take {grader.name!r} as a grader",
            details=refused.details,
            status=refused.status,
            code=refused.code,
            request_id=refused.request_id,
        ) from refused
