"""What `run`, `watch`, `plan` and `sweep` begin with: the checked model, its stack, and the run that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from contract import catalog
from contract.outputs import ModelOutput, StackOutputs
from contract.release import Releases
from jobs.cli.asked import Asked
from jobs.cli.data.baseline_scorecard import unfit
from jobs.cli.data.check import Checked, checked_or_refused
from jobs.cli.others import others
from jobs.cli.surroundings import Surroundings
from jobs.cli.training import spending
from jobs.cli.training.stack_model import StackModel
from jobs.cli.trouble import say_trouble
from jobs.errors import Refused, UpNeeded
from jobs.planning.compatibility import sent_elsewhere
from jobs.planning.figures import figures_of
from jobs.planning.making import Wanted, day
from jobs.planning.plan import Plan, Statement
from jobs.ports import FineTuning
from jobs.readiness.specification import Demand
from jobs.tuning.journals.attempts import Circumstances
from jobs.tuning.journals.journal import Swept
from jobs.tuning.journals.keeping import Keeper
from jobs.tuning.model_folder import ModelFolder, open_model
from jobs.tuning.patience import Patience
from jobs.tuning.run import Run, plan_run


@dataclass(frozen=True)
class Course(StackModel):
    """What the steps share: the run that is wanted, where it is trained, and how long anybody waits."""

    checked: Checked
    run: Run
    account_key: str

    @cached_property
    def service(self) -> FineTuning:
        """The account that trains; opened when it is asked for first, which is never where nobody is asked."""
        return self.around.fine_tuning(self.outputs, self.outputs.accounts[self.account_key])

    @property
    def folder(self) -> ModelFolder:
        return self.checked.folder

    @property
    def day(self) -> date:
        """The day by which the catalog's dates count."""
        return day(self.outputs, self.around.clock.now())

    @property
    def untrainable(self) -> str:
        """What is said above the reasons why the run cannot be."""
        account = self.outputs.accounts[self.account_key].name
        return f"{self.model} cannot be trained on {self.day} as {self.folder.tune_yaml} says, in account {account}"

    def plan(self, *, offline: bool = False) -> Plan:
        """What the run would cost and whether it can work; unless ``offline``, as the subscription answers."""
        return self.plans([self.run], offline=offline)[0]

    def plans(self, runs: Sequence[Run], *, offline: bool = False) -> tuple[Plan, ...]:
        """The same of several runs of this model and its data."""
        files = [figures_of(report) for report in self.checked.reports]
        wanted = [Wanted(run, self.around.stack.name, self.outputs, files) for run in runs]
        plans = spending.planned(wanted, self.around, None if offline else self.service)
        behind = self._behind()
        return tuple(each.model_copy(update={"statements": (*each.statements, *behind)}) for each in plans)

    def _behind(self) -> list[Statement]:
        """Whether another model is live by now than the one that hosting is reckoned with."""
        recorded, served = self.releases().live, self.outputs.models[self.model].live
        if (recorded and recorded.model_id) == (served and served.model_id):
            return []
        said = "the stack file has another live model than the last up left: the deployments above are those of that up"
        return [Statement(severity="warning", topic="hosting", words=said, mend=("Bring the stack up first.",))]

    def keeper(self, run: Run | None = None) -> Keeper:
        """Of the journal of this run, or of another of the course."""
        return self.keeper_of((run or self.run).key)

    def circumstances(
        self, *, anew: bool = False, estimated: float | None = None, swept: Swept | None = None
    ) -> Circumstances:
        return Circumstances(
            by=self.person,
            stack=self.asked.stack,
            account_key=self.account_key,
            account=self.outputs.accounts[self.account_key],
            system_message=self.checked.system_message,
            examples=self.checked.training_examples,
            anew=anew,
            estimated=estimated,
            swept=swept,
        )

    def watch_command(self) -> str:
        return self.asked.command("watch", self.model)


def prepare(
    model: str,
    around: Surroundings,
    asked: Asked,
    deadline: timedelta,
    *,
    readiness: Demand | None = None,
    look: bool = True,
) -> Course:
    """What can be known, or refused, without the service.

    readiness    whether questions that tune.yaml leaves open are errors; unless given, as the environment says
    look         whether the stack's storage is asked for the scorecard of the baseline, where tune.yaml names one
    """
    patience = Patience(around.clock, around.clock.now() + deadline, say_trouble)
    folder = open_model(asked.models_folder, model, around.referring(patience))
    releases = around.stack.releases().get(model, Releases())
    outputs = around.stack.outputs()
    account_key = _trained_in(model, outputs, asked)
    readiness = readiness or outputs.environment.readiness
    # Without the stack the check doesn't know what the environment demands.
    again = asked.check_command(model, with_stack=folder.refers or readiness == "require")
    scorecard = unfit(model, folder.spec.use_case, around, patience, readiness) if look else None
    checked = checked_or_refused(folder, again, readiness, scorecard)
    run = plan_run(folder, checked.digests, releases, asked.stack)
    return Course(
        asked=asked,
        around=around,
        outputs=outputs,
        patience=patience,
        model=model,
        checked=checked,
        run=run,
        account_key=account_key,
    )


def _trained_in(model: str, outputs: StackOutputs, asked: Asked) -> str:
    """The key of the account."""
    found: ModelOutput | None = outputs.models.get(model)
    if found is None:
        raise UpNeeded(
            f"the stack outputs have no model {model}{others(model, outputs.models)}",
            details=["Declare it under tuned-models:models of the stack file, then bring the stack up."],
            stack=asked.stack,
            next_command=asked.up,
        )
    if found.train_in not in outputs.accounts:
        raise UpNeeded(
            f"the stack outputs have no account {found.train_in}, in which {model} is trained",
            stack=asked.stack,
            next_command=asked.up,
        )
    return found.train_in


def refuse_untrainable(course: Course) -> None:
    """What no subscription would let pass. Whether training has ended is the plan's to say, which asks."""
    run, account = course.run, course.outputs.accounts[course.account_key]
    faults = catalog.training_faults(
        run.parent_model_id,
        run.spec.method,
        run.spec.training_type,
        on=course.day,
        location=account.location,
        kind=account.kind,
        ends=date.max,
    )
    faults += sent_elsewhere(run.spec.training_type, course.outputs.environment.residency)
    if faults:
        raise Refused(course.untrainable, details=faults, next_command=f"jobs check {run.model}")
