"""Whether a record fits the tune.yaml that it says it was made by. Pure."""

from __future__ import annotations

from pydantic.alias_generators import to_camel

from contract.naming import job_suffix
from contract.release import ReleaseRecord
from contract.tune_spec import TuneSpec
from jobs.tuning.digests import DatasetDigests
from jobs.tuning.run_key import run_key


def fits(record: ReleaseRecord, model: str, spec: TuneSpec, tune_yaml: str) -> bool | None:
    """Whether the record's run key is that of its parent and data by ``spec``, the tune.yaml with the digest
    ``tune_yaml``. None where that isn't told: it was another tune.yaml, or a run under another name."""
    if record.digests.tune_yaml != tune_yaml or not record.model_id.endswith(job_suffix(model, record.run_key)):
        return None
    if record.sweep is not None:
        names = {to_camel(name): name for name in type(spec.hyperparameters).model_fields}
        tried = {names[name]: value for name, value in record.sweep.tried.items() if name in names}
        spec = spec.model_copy(update={"hyperparameters": spec.hyperparameters.model_copy(update=tried)})
    digests = DatasetDigests(record.digests.train, record.digests.validation, record.digests.holdout)
    return record.run_key == run_key(model, record.parent_model_id, spec, digests)
