"""A file in the making: what was found in its pieces, put together in their order, and what only shows in the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jobs.data.counting.token_summary import TokenSummary
from jobs.data.expected import Expected, Use
from jobs.data.findings import Fault, Faults
from jobs.data.kinds import Kind, kind_remarks
from jobs.data.leaks.fingerprints import FirstLines
from jobs.data.rules import FEW_EXAMPLES, MAX_FILE_BYTES, MAX_JOB_TOKENS, MIN_EXAMPLES
from jobs.data.scanning.observers import Beside, Observer
from jobs.data.scanning.scan import Prompts, Scanned
from jobs.data.summary import Summary

_LEAKS: Mapping[Use, str] = {"validation": "leak-validation", "holdout": "leak-holdout"}
_NEARLY = frozenset({"repeat-near", "leak-near-validation", "leak-near-holdout"})
_OTHERWISE = {
    "supervised": "answers the prompt of line {} in another way",
    "reinforcement": "has the prompt of line {}, and tells the grader something else",
    # Several pairs for one prompt are usual; pairs that are each other's opposite are looked for by Inversions.
    "dpo": "",
}
"""What is said where a prompt stood before in another example."""


@dataclass(frozen=True)
class Seen:
    """What is kept of a file, to hold another against it."""

    prompts: FirstLines
    observers: list[Observer]


@dataclass(frozen=True)
class Conclusion:
    """What a file has come to."""

    faults: Faults
    kinds: Mapping[Kind, int]
    summary: Summary
    tokens: TokenSummary | None


class WholeFile:
    """Takes in piece after piece; ``conclude`` comes last, once.

    known    as of ``observers``
    """

    def __init__(self, expected: Expected, known: Beside | None = None) -> None:
        self._repeats = Faults()
        self._expected = expected
        self._scanned = Scanned(expected, known)
        self._prompts = FirstLines()
        self._held_against_training: list[Prompts] = []
        self._told = set[int]()
        """The lines of which it was said that they repeat or leak."""

    def add(self, scanned: Scanned, prompts: Prompts) -> None:
        """The next piece."""
        self._scanned.merge(scanned)
        otherwise = _OTHERWISE[self._expected.method]
        for line, before in self._prompts.meet_all(prompts.prompts, prompts.wholes, prompts.lines):
            if before.example:
                self._repeats.add("repeat-example", line, f"is the example of line {before.example} again")
            elif otherwise:
                self._repeats.add("repeat-contradiction", line, otherwise.format(before.prompt))
            self._told.add(line)
        if self._expected.use != "training":
            self._held_against_training.append(prompts)

    @property
    def seen(self) -> Seen:
        return Seen(self._prompts, self._scanned.observers)

    def conclude(self, size: int, epochs: int | None, training: Seen | None) -> Conclusion:
        """Adds what is to be said of the file as a whole.

        size        in bytes
        training    what was seen in the training file, if this is another
        """
        scanned, faults, summary = self._scanned, self._scanned.faults, self._scanned.tally.summary()
        tokens = scanned.tokens.summary(self._expected.encoding)
        faults.merge(self._repeats)
        if training is not None:
            faults.merge(self._leaks(training.prompts))
        for rule, message in (
            *self._about_size(scanned.kinds.total(), size),
            *self._about_tokens(tokens, epochs),
            *_about_system(summary),
        ):
            faults.add(rule, None, message)
        for rule, message in kind_remarks(scanned.kinds, self._expected.method):
            faults.instead(rule, message)
        if not scanned.kinds.total():
            _tell_once(faults)
        if scanned.first_crlf is not None:
            faults.add("syntax-crlf", scanned.first_crlf, f"ends in CRLF, as {_lines(scanned.crlf)} of the file")
        beside = [None] * len(scanned.observers) if training is None else training.observers
        for observer, before in zip(scanned.observers, beside, strict=True):
            for rule, line, message in observer.findings(before):
                # What is the same is not said to be nearly the same, too.
                if rule not in _NEARLY or line not in self._told:
                    faults.add(rule, line, message)
        return Conclusion(faults, scanned.kinds, summary, tokens)

    def _leaks(self, training: FirstLines) -> Faults:
        faults, rule = Faults(), _LEAKS[self._expected.use]
        for prompts in self._held_against_training:
            for line, prompt in zip(prompts.lines, prompts.prompts, strict=True):
                if leak := training.met(prompt):
                    faults.add(rule, line, f"has the prompt of line {leak} of the training file")
                    self._told.add(line)
        return faults

    def _about_size(self, examples: int, size: int) -> Iterator[Fault]:
        use = self._expected.use
        if size > MAX_FILE_BYTES:
            yield "size-file", f"has {size / 2**20:.0f} MiB; the service takes {MAX_FILE_BYTES // 2**20}"
        if not examples:
            yield "size-empty", "has no example" if size else "is empty"
        elif examples < MIN_EXAMPLES and use == "training":
            yield "size-too-few", f"has {_examples(examples)}; at least {MIN_EXAMPLES} are needed to train"
        elif examples < (FEW_EXAMPLES if use == "training" else MIN_EXAMPLES):
            purpose = "begin with 50, well chosen" if use == "training" else "what is measured on so few is chance"
            yield "size-few", f"has {_examples(examples)}: {purpose}"

    def _about_tokens(self, tokens: TokenSummary | None, epochs: int | None) -> Iterator[Fault]:
        if tokens is None or epochs is None or self._expected.use != "training":
            return
        if (billed := tokens.total * epochs) > MAX_JOB_TOKENS:
            about = "" if tokens.exact else "about "
            given = f"{about}{tokens.total:,} tokens, in {epochs} epochs {billed:,}"
            yield "size-tokens-job", f"has {given}; a job takes {MAX_JOB_TOKENS:,}"


def _tell_once(faults: Faults) -> None:
    """Where no line is an example, the file is another thing as a whole: that is said at its first line."""
    spread, others = faults.counts["syntax-spread"], ("syntax-object", "syntax-json")
    if spread > sum(faults.counts[rule] for rule in others):
        # Some lines of an indented value are texts and numbers by themselves.
        for rule in others:
            faults.drop(rule)
    for rule in ("syntax-spread", "syntax-encoding"):
        first, number = faults.first(rule), faults.counts[rule]
        if first is not None and number > 1:
            faults.instead(rule, f"{first[1]} ({number} lines of the file are like this)", first[0])


def _about_system(summary: Summary) -> Iterator[Fault]:
    messages = summary.system_messages
    if messages.distinct > 1:
        number = f"{messages.distinct}{' or more' if messages.more else ''}"
        shown = ", ".join(f"{count} × {preview!r}" for preview, count in messages.previews[:3])
        more = ", …" if messages.distinct > 3 else ""
        words = f"has {number} different system messages: {shown}{more}"
        yield "system-differs", f"{words}; when it is used the model has to be sent the one it was trained with"
    if messages.distinct and messages.missing:
        yield (
            "system-missing",
            f"has {messages.missing} of {_examples(summary.examples)} without a system message",
        )


def _examples(number: int) -> str:
    return f"{number} example{'' if number == 1 else 's'}"


def _lines(number: int) -> str:
    return "this line alone" if number == 1 else f"{number} lines"
