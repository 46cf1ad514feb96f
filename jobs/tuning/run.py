"""A run: one fine-tuning job that is wanted, with everything that determines it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from contract.catalog import base_of
from contract.naming import job_suffix
from contract.release import ReleaseRecord, Releases
from contract.tune_spec import TuneSpec
from jobs.errors import UpNeeded
from jobs.ports import EchoedHyperparameters, Job, JobRequest
from jobs.tuning.digests import DatasetDigests
from jobs.tuning.model_folder import ModelFolder
from jobs.tuning.run_key import run_key


@dataclass(frozen=True)
class Run:
    """What is to be trained: ``model`` from ``parent_model_id``, as ``spec`` says, on the data with ``digests``.

    swept    whether it is a point of a sweep: others have the same tune.yaml then, and are other runs
    """

    model: str
    parent_model_id: str
    spec: TuneSpec
    digests: DatasetDigests
    tune_yaml_digest: str
    swept: bool = False

    @property
    def key(self) -> str:
        return run_key(self.model, self.parent_model_id, self.spec, self.digests)

    @property
    def suffix(self) -> str:
        return job_suffix(self.model, self.key)

    def request(self, training_file: str, validation_file: str | None) -> JobRequest:
        """What the service is asked for."""
        return JobRequest(
            model=self.parent_model_id,
            training_file=training_file,
            validation_file=validation_file,
            suffix=self.suffix,
            seed=self.spec.seed,
            method=self.spec.method,
            training_type=self.spec.training_type,
            hyperparameters=self.spec.hyperparameters,
            grader=self.spec.grader,
            response_format=self.spec.response_format,
        )

    def key_from(self, parent_model_id: str) -> str | None:
        """The key that this run has, or would have had, from that parent; None where it is another training.

        With ``continueFrom: live`` the parent moves on with each release, the run's own model among them: the same
        data on an earlier or later model of the family are the same run, and training them into it again is never
        meant (``--new`` says that it is). With ``continueFrom: base`` another base is another run.
        """
        same = parent_model_id == self.parent_model_id
        family = self.spec.continue_from == "live" and base_of(parent_model_id) == base_of(self.parent_model_id)
        return run_key(self.model, parent_model_id, self.spec, self.digests) if same or family else None

    def trained_as(self, job: Job) -> Run:
        """The run that ``job`` is: an adopted one may have had another parent than a new one would have."""
        own = job.suffix == self.suffix or not job.model
        return self if own else replace(self, parent_model_id=job.model)

    def made(self, record: ReleaseRecord) -> bool:
        """Whether ``record`` is this run's: the same key, if need be from another parent, or the same tune.yaml and
        data. Of a sweep's runs the key alone tells."""
        if record.run_key in (self.key, self.key_from(record.parent_model_id)):
            return True
        return not self.swept and record.sweep is None and self._same_inputs(record)

    def swept_into(self, record: ReleaseRecord) -> bool:
        """Whether a sweep of this tune.yaml and these data has made ``record``, from whatever point."""
        return record.sweep is not None and self._same_inputs(record)

    def _same_inputs(self, record: ReleaseRecord) -> bool:
        return (record.digests.tune_yaml, record.digests.train, record.digests.validation) == (
            self.tune_yaml_digest,
            self.digests.train,
            self.digests.validation,
        )

    def is_job(self, job: Job, file_ids: FileIds) -> bool:
        """Whether ``job`` is this run's, or the same from another parent (as in ``key_from``).

        The suffix tells, under the key that the job's own parent gives. Where the service tells no suffix, the tuned
        model's ID ends in it; while there is none yet, the files, the parent, the seed and, as far as it tells them,
        the hyperparameters must do.
        """
        key = self.key_from(job.model)
        suffixes = (self.suffix, job_suffix(self.model, key)) if key is not None else (self.suffix,)
        if job.suffix is not None:
            return job.suffix in suffixes
        if job.fine_tuned_model is not None:
            return job.fine_tuned_model.endswith(tuple(f"-{suffix}" for suffix in suffixes))
        return (
            job.model == self.parent_model_id
            and job.seed == self.spec.seed
            and job.training_file in file_ids.train
            and (job.validation_file or None) in (file_ids.validation or {None})
            and self._may_have_asked_for(job.hyperparameters)
        )

    def _may_have_asked_for(self, told: EchoedHyperparameters) -> bool:
        """A number that was asked for is echoed. A point of a sweep is not known from its neighbours without it."""
        pairs = ((value, getattr(told, name, None)) for name, value in self.spec.hyperparameters if value != "auto")
        return all(found == value or (found is None and not self.swept) for value, found in pairs)


@dataclass(frozen=True)
class FileIds:
    """The account's files that hold a run's datasets; more than one where somebody uploaded the same again."""

    train: frozenset[str] = frozenset()
    validation: frozenset[str] = frozenset()


def plan_run(folder: ModelFolder, digests: DatasetDigests, releases: Releases, stack: str) -> Run:
    """The run that ``folder``, whose datasets have ``digests``, asks for, given what is live."""
    parent = folder.spec.base
    if folder.spec.continue_from == "live":
        if releases.live is None:
            raise UpNeeded(
                f"tune.yaml says `continueFrom: live`, but no {folder.name} is live",
                details=["Train from the base first (`continueFrom: base`) and release that."],
                stack=stack,
                next_command=f"jobs status -s {stack}",
            )
        parent = releases.live.model_id
    return Run(folder.name, parent, folder.spec, digests, folder.tune_yaml_digest)


def newest_usable(jobs: Iterable[Job]) -> Job | None:
    """The youngest job that has made a model, or still may."""
    return max((job for job in jobs if job.status.usable), key=lambda job: job.created_at, default=None)
