"""A job's events and checkpoints, read off its history: nothing of them is stored.

Event texts: microsoft-foundry/fine-tuning, output of the SFT_CNN_DailyMail notebook; those about preprocessing,
training and postprocessing, on pausing and on hours: memory. A reinforcement job's steps: text from an event in
OpenAI's guide to reinforcement tuning; places of its metrics from MicrosoftDocs azure-ai-docs,
reinforcement-fine-tuning.md, 2026-10.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from simulator.openai import learned
from simulator.openai.files import results_id
from simulator.openai.learning.curve import Step
from simulator.openai.learning.results import Reward
from simulator.openai.models import Job, OpenAiState
from simulator.openai.timeline import (
    SPENDING_LIMIT,
    Checkpoint,
    billed_hours,
    checkpoints,
    limit_reached,
    moment_of,
    moment_of_step,
    steps_done,
    trained_tokens,
)

EVERY_STEP_UNTIL = 100
"""A longer job reports every tenth step."""


@dataclass(frozen=True)
class Event:
    id: str
    at: float
    message: str
    level: str = "info"
    data: dict[str, Any] | None = None


def events(state: OpenAiState, job: Job, now: float) -> list[Event]:
    """What has happened to the job, oldest first."""
    changes = _on_transitions(job)
    ends = [each for each in changes if job.finished_at is not None and each[0] == job.finished_at]
    before = [each for each in changes if each not in ends]
    # Of one moment: first the new status, then what was done in it; what ends the job comes last.
    told = [*before, *_on_steps(state, job, now), *_on_work(job, now), *ends]
    told.sort(key=lambda each: each[0])
    return [
        Event(f"ftevent-{_hex(job, f'event|{index}|{message}')}", at, message, level, data)
        for index, (at, message, level, data) in enumerate(told)
    ]


def checkpoint_id(job: Job, step: int) -> str:
    return f"ftchkpt-{_hex(job, f'checkpoint|{step}')}"


def deployable(state: OpenAiState, job: Job, now: float) -> list[tuple[Checkpoint, dict[str, float | None]]]:
    """Checkpoints with their metrics, newest first."""
    found = list(reversed(checkpoints(job, now)))
    if not found:
        return []
    if job.method == "reinforcement":
        rewards = learned.reward_curve(job)
        return [(checkpoint, _reward_metrics(rewards[checkpoint.step - 1])) for checkpoint in found]
    curve = learned.losses(state, job)
    return [(checkpoint, metrics(curve[checkpoint.step - 1])) for checkpoint in found]


def metrics(step: Step) -> dict[str, float | None]:
    """A step's metrics by the names checkpoints give them, absent ones left out."""
    named = {
        "step": step.step,
        "train_loss": step.train_loss,
        "train_mean_token_accuracy": step.train_accuracy,
        "valid_loss": step.valid_loss,
        "valid_mean_token_accuracy": step.valid_accuracy,
        "full_valid_loss": step.full_valid_loss,
        "full_valid_mean_token_accuracy": step.full_valid_accuracy,
    }
    return {name: value for name, value in named.items() if value is not None}


def _reward_metrics(reward: Reward) -> dict[str, float | None]:
    """The same of a reinforcement job; that checkpoints have them by these names is memory."""
    named = {
        "step": reward.step,
        "train_reward_mean": reward.train_reward,
        "valid_reward_mean": reward.valid_reward,
    }
    return {name: value for name, value in named.items() if value is not None}


def _reward_event(job: Job, reward: Reward) -> tuple[str, dict[str, Any]]:
    """Text and data of a step. Nothing is graded, so that no grader ever failed."""
    grader = job.method_body["grader"]
    scores = {"train_reward_mean": reward.train_reward, "valid_reward_mean": reward.valid_reward}
    reasoning = {
        "train_reasoning_tokens_mean": reward.train_reasoning,
        "valid_reasoning_tokens_mean": reward.valid_reasoning,
    }
    named = {"name": grader.get("name"), "type": grader.get("type")}
    text = f"Step {reward.step}/{job.plan.steps} , train mean reward={reward.train_reward:.2f}"
    if reward.valid_reward is not None:
        text += f", full validation mean reward={reward.valid_reward:.2f}, full validation mean parse error=0.00"
    return text, {
        "step": reward.step,
        "total_steps": job.plan.steps,
        "scores": {**scores, "graders": [named | scores]},
        "usage": {"samples": reasoning, "graders": []},
        "errors": {"graders": [named | {"train_other_error_mean": 0.0, "valid_other_error_mean": 0.0}]},
    }


_Told = tuple[float, str, str, dict[str, Any] | None]


def _on_transitions(job: Job) -> list[_Told]:
    told: list[_Told] = []
    started = False
    turns = iter(job.turns)
    for transition in job.history:
        at = transition.at
        turn = next(turns) if transition.turn else None
        match transition.status:
            case "pending":
                told.append((at, "Job enqueued. Waiting for jobs ahead to complete.", "info", None))
            case "running":
                told.append((at, "Job resumed." if started else "Job started.", "info", None))
                started = True
            case "pausing" if limit_reached(job, at):
                text = f"Job is pausing: its cost has reached the limit of {SPENDING_LIMIT:.0f} USD."
                told.append((at, text, "warn", None))
            case "pausing" | "resuming":
                told.append((at, f"Job is {transition.status}.", "info", None))
            case "paused":
                preempted = turn is not None and turn.resumes_after is not None
                told.append((at, "Job preempted." if preempted else "Job paused.", "info", None))
            case "cancelled":
                told.append((at, "Job cancelled.", "warn", None))
            case "failed":
                told.append((at, job.error.message if job.error else "Job failed.", "error", None))
                told.append((at, "Job failed.", "error", None))
            case "succeeded":
                tokens = trained_tokens(job)
                billed = (
                    f"tokens billed: {tokens}" if tokens is not None else f"hours billed: {billed_hours(job, at):.2f}"
                )
                told.append((at, "Model Evaluation Passed.", "info", None))
                told.append((at, "Job succeeded.", "info", None))
                told.append((at, f"Completed results file: {results_id(job)}", "info", None))
                told.append((at, f"Training {billed}", "info", None))
    return told


def _on_work(job: Job, now: float) -> list[_Told]:
    after = job.plan.preparing
    trained = after + job.plan.step * job.plan.steps
    told: list[_Told] = []
    for work, message in (
        (0.0, "Preprocessing started."),
        (after, "Preprocessing completed for file training file."),
        (after, "Training started."),
        (trained, "Training completed."),
        (trained, "Postprocessing started."),
    ):
        # The preprocessing of a file that is at fault "completes" too; then the job fails.
        reached = moment_of(job, work, now) if work <= after or steps_done(job, now) == job.plan.steps else None
        failed_there = job.fault is not None and not job.fault_late and message == "Training started."
        if reached is not None and not failed_there:
            told.append((reached, message, "info", None))
    return told


def _on_steps(state: OpenAiState, job: Job, now: float) -> list[_Told]:
    done = steps_done(job, now)
    if done == 0:
        return []
    every = 1 if job.plan.steps <= EVERY_STEP_UNTIL else 10
    if job.method == "reinforcement":
        told_of = [_reward_event(job, reward) for reward in learned.reward_curve(job)]
        messages, data = [text for text, _ in told_of], [found for _, found in told_of]
    else:
        curve = learned.losses(state, job)
        messages = [f"Step {s.step}: training loss={s.train_loss}" for s in curve]
        data = [dict(metrics(s)) for s in curve]
    told: list[_Told] = []
    for step in range(every, done + 1, every):
        at = moment_of_step(job, step, now)
        if at is not None:
            told.append((at, messages[step - 1], "info", data[step - 1]))
    return told


def _hex(job: Job, what: str) -> str:
    return hashlib.sha256(f"{job.id}|{what}".encode()).hexdigest()[:32]
