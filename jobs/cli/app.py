"""All verbs, in the order of a model's life. Those of a stage stand in its room's ``*_verbs``; a verb's work is in the
module of its name, imported when it is asked for."""

from __future__ import annotations

import typer

from jobs.cli.data.data_verbs import verbs_of_data
from jobs.cli.evaluation.evaluation_verbs import verbs_of_evaluation
from jobs.cli.evaluation.report_verbs import verbs_of_reports
from jobs.cli.evaluation.review_verbs import verbs_of_reviews
from jobs.cli.releases.clean_verbs import verbs_of_cleaning
from jobs.cli.releases.lineage_verbs import verbs_of_lineage
from jobs.cli.releases.release_verbs import verbs_of_releases
from jobs.cli.releases.status_verbs import verbs_of_status
from jobs.cli.runs.run_verbs import verbs_of_runs
from jobs.cli.stacks.config_verbs import verbs_of_config
from jobs.cli.stacks.environment_verbs import verbs_of_environments
from jobs.cli.training.training_verbs import verbs_of_training

app = typer.Typer(
    name="jobs",
    help="What happens to a tuned model: check, run, evaluate, release. `pulumi up` deploys what is recorded.",
    epilog="Exit codes: 0 done, 1 refused, 2 usage, 3 the cloud failed, 70 a fault of jobs itself, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_STAGES = {
    "Data": (verbs_of_data,),
    "Training": (verbs_of_training,),
    "Runs": (verbs_of_runs,),
    "Evaluation": (verbs_of_evaluation, verbs_of_reviews, verbs_of_reports),
    "Releases": (verbs_of_releases, verbs_of_lineage),
    "What is there": (verbs_of_status, verbs_of_cleaning),
    "Environments": (verbs_of_environments,),
}

for _stage, _groups in _STAGES.items():
    for _group in _groups:
        for _command in _group.registered_commands:
            _command.rich_help_panel = _stage
        app.add_typer(_group)
app.add_typer(verbs_of_config, rich_help_panel="Environments")
