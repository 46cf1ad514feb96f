"""tune.yaml's ``evaluation``: what the candidate is compared with, by which graders, and what it has to show.

One small shape per grader in contract.evaluation_graders.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from contract import naming
from contract.evaluation_graders import EvaluationGrader
from contract.gate import Gate
from contract.shape import Shape, Text


class EvaluationBaseline(Shape):
    """The base model as it would do the job without tuning: prompted for it."""

    name: Text = Field(default="prompted", description="What the scorecard calls it.")
    deployment: naming.DeploymentName | None = Field(
        default=None,
        description="A key of the stack's baseDeployments; default: the one that serves tune.yaml's base.",
    )
    system: Text | None = Field(
        default=None, description="Its system message; default: the examples' own. With systemFile: one of the two."
    )
    system_file: Text | None = Field(default=None, description="The same from a file beside tune.yaml.")
    examples: Text | None = Field(
        default=None, description="Few-shot examples: a JSONL file beside tune.yaml, its messages sent before."
    )
    context: Text | None = Field(
        default=None,
        description="Retrieved context: a text file beside tune.yaml for all questions, or a JSONL file with one text "
        "per line of the holdout.",
    )

    @model_validator(mode="after")
    def _one_system_message(self) -> EvaluationBaseline:
        if self.system is not None and self.system_file is not None:
            raise ValueError("system and systemFile: one of the two")
        return self


class Asking(Shape):
    """How every model is asked."""

    temperature: Annotated[float, Field(ge=0, le=2)] | None = Field(
        default=None, description="Sent where it is named; reasoning models refuse it."
    )
    max_tokens: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="The longest answer, in tokens; sent as max_completion_tokens."
    )
    seed: int = Field(default=42, ge=0, le=2**31 - 1, description="Of the requests, the bootstrap and the order.")
    concurrency: Annotated[int, Field(ge=1, le=256)] = Field(
        default=16, description="How many requests to one deployment are under way at once, at most."
    )


class GoldenPrompt(Shape):
    """What each deployment is asked after an up, to see that it answers."""

    prompt: Text = Field(description="What is asked, beside the model's system message.")
    contains: Text | None = Field(
        default=None, description="What a right answer has in it, in whatever case; without it any answer is one."
    )


class EvaluationSpec(Shape):
    """What stands under ``evaluation``."""

    baselines: Annotated[tuple[EvaluationBaseline, ...], Field(strict=False)] = Field(
        default=(EvaluationBaseline(),), description="What prompting alone reaches; one unless given."
    )
    graders: Annotated[tuple[EvaluationGrader, ...], Field(strict=False, min_length=1)] = Field(
        description="By what answers are measured; the first one decides unless the gate names another."
    )
    gate: Gate = Field(default=Gate(), description="What has to be shown; environments may demand other than this.")
    asking: Asking = Field(default=Asking(), description="How every model is asked.")
    golden: GoldenPrompt | None = Field(
        default=None, description="What `jobs verify` asks; default: the first question of the holdout."
    )
    slices: Literal["declared", "declaredAndLanguage"] = Field(
        default="declared", description="Scores are told per slice of the holdout's lines; also by detected language."
    )

    @model_validator(mode="after")
    def _names(self) -> EvaluationSpec:
        graders = [grader.name for grader in self.graders]
        baselines = [baseline.name for baseline in self.baselines]
        for what, names in (("graders", graders), ("baselines", baselines)):
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{what}: the name {twice[0]!r} stands twice")
        if taken := {"candidate", "live"}.intersection(baselines):
            raise ValueError(f"baselines: {min(taken)!r} is what tuned models are called")
        if self.gate.grader is not None and self.gate.grader not in graders:
            raise ValueError(f"gate.grader: there is no grader {self.gate.grader!r} (there are {', '.join(graders)})")
        return self
