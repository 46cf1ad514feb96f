"""The rules that datasets are held to. Their IDs are stable: people name them in discussions and in settings.

Sources: "ft" is Microsoft's "Customize a model with fine-tuning" (azure-ai-docs, fine-tuning.md), "functions" its
page on tool calling (fine-tuning-functions.md), "vision" the one on images (fine-tuning-vision.md), "sdk" the types of
the OpenAI Python library. Where no source is named the reason is the rule's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

MIN_EXAMPLES = 10
FEW_EXAMPLES = 50
MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_LINE_BYTES = 32 * 1024 * 1024
MAX_NESTING = 100


@dataclass(frozen=True)
class Rule:
    """``title`` says what is found, ``why`` why it matters, with the source in parentheses where there is one."""

    id: str
    severity: Severity
    title: str
    why: str


def _table(*rows: tuple[str, Severity, str, str]) -> dict[str, Rule]:
    return {row[0]: Rule(*row) for row in rows}


RULES = _table(
    # Syntax: what can be read at all.
    ("syntax-encoding", "error", "not UTF-8", "The service reads UTF-8 only (ft)."),
    (
        "syntax-surrogate",
        "error",
        "half a character",
        "A lone \\ud800-\\udfff stands for no text; UTF-8 cannot hold it.",
    ),
    (
        "syntax-bom",
        "warning",
        "begins with a byte order mark",
        "Microsoft asked for it until March 2026, and no more (ft); OpenAI's tools stumble over it. Untried on Azure.",
    ),
    ("syntax-crlf", "warning", "lines end in CRLF", "JSONL has LF. A checkout that converts it changes the digest."),
    ("syntax-blank-line", "warning", "blank line", "JSONL has one value a line; some readers refuse an empty one."),
    ("syntax-truncated", "error", "the last line is cut off", "The file was not copied or written to its end."),
    ("syntax-json", "error", "not JSON", "The service reads one JSON object a line, and refuses the file else (ft)."),
    (
        "syntax-duplicate-key",
        "error",
        "a key twice in one object",
        "Only one of the values is read, and nobody says which.",
    ),
    ("syntax-number", "error", "a number that JSON does not have", "NaN and Infinity are Python's; others overflow."),
    ("syntax-nesting", "error", "nested too deep", f"More than {MAX_NESTING} levels: no chat example looks so."),
    ("syntax-object", "error", "not an object", "Each line is one example, an object with messages (ft)."),
    (
        "syntax-line-size",
        "error",
        "a line too long to be read",
        f"More than {MAX_LINE_BYTES // 2**20} MiB: no model takes an example of that size.",
    ),
    ("file-changed", "error", "the file changed while it was read", "What was checked is not what would be sent."),
    # Kinds: datasets for something else.
    (
        "kind-completion",
        "error",
        "prompt and completion",
        "Only babbage-002 and davinci-002 took this form, and both are retired (ft).",
    ),
    (
        "kind-preference",
        "error",
        "a preference pair (DPO)",
        "Supervised training takes messages; this is for method dpo (fine-tuning-direct-preference-optimization.md).",
    ),
    (
        "kind-reinforcement",
        "error",
        "a reinforcement example (RFT)",
        "It ends with the user, with keys for a grader: for method reinforcement (reinforcement-fine-tuning.md).",
    ),
    # Schema of a supervised chat example.
    ("schema-messages", "error", "no messages", "An example is a list of messages (ft)."),
    ("schema-message", "error", "a message is malformed", "A message is an object with role and content (sdk)."),
    ("schema-role", "error", "unknown role", "system, developer, user, assistant or tool (ft, sdk)."),
    (
        "schema-content",
        "error",
        "content is malformed",
        "A text, or a list of parts; null beside tool calls only (sdk).",
    ),
    ("schema-part", "error", "a content part is malformed", "Text parts, and images in user messages only (vision)."),
    (
        "schema-order",
        "warning",
        "roles out of order",
        "The system message comes first, as it does when the model is used.",
    ),
    ("schema-last-assistant", "error", "does not end with the assistant", "The last message is what is learned (ft)."),
    (
        "schema-nothing-learned",
        "error",
        "no assistant message with weight 1",
        "Nothing of the example would be learned (ft: weight).",
    ),
    ("schema-weight", "error", "weight is misplaced or malformed", "0 or 1, on assistant messages only (ft)."),
    ("schema-tools", "error", "tools are malformed", "A list of functions with unique names (functions)."),
    (
        "schema-tool-call",
        "error",
        "a tool call is malformed",
        "id, type function, name, arguments as text (functions).",
    ),
    (
        "schema-tool-undeclared",
        "error",
        "a call of a tool that is not declared",
        "The model would learn to call what it is not offered (functions).",
    ),
    ("schema-tool-arguments", "error", "arguments are not JSON", "The caller parses them (functions)."),
    (
        "schema-tool-answer",
        "error",
        "tool calls and tool messages don't pair",
        "Each call is answered by one tool message with its id, before anything else is said (sdk).",
    ),
    ("schema-functions", "warning", "functions, function_call", "Deprecated; use tools and tool_calls (functions)."),
    ("schema-unknown-key", "warning", "unknown key", "The service may refuse it, and learns nothing from it."),
    ("content-empty", "warning", "empty content", "An empty text teaches silence; it is rarely meant."),
    # Size.
    ("size-empty", "error", "no examples", "There is nothing to learn from."),
    ("size-too-few", "error", "fewer than 10 examples", "The service refuses to train on fewer than 10 (ft)."),
    (
        "size-few",
        "warning",
        "few examples",
        "Below 50 the tuned model seldom differs from its base in what matters (ft).",
    ),
    ("size-file", "error", "file too large", "512 MB per file through the API (ft)."),
    # Consistency.
    (
        "system-differs",
        "warning",
        "differing system messages",
        "The model is used with one system message, best the one it was trained with; which of these?",
    ),
    ("system-missing", "warning", "some examples have no system message", "They teach another use than the others do."),
    (
        "system-differs-between-files",
        "warning",
        "another system message than in training",
        "The losses or scores of the two files measure different uses.",
    ),
    # Repeats and leaks.
    ("repeat-example", "warning", "the same example twice", "It counts double, and hides how small the dataset is."),
    ("repeat-contradiction", "warning", "another answer to the same prompt", "The model learns to toss a coin."),
    (
        "leak-validation",
        "warning",
        "a training prompt in the validation file",
        "The validation loss looks better than it is.",
    ),
    (
        "leak-holdout",
        "error",
        "a training prompt in the holdout",
        "What was learned by heart is no measure of the model.",
    ),
    ("leak-same-file", "error", "the same file twice", "A model measured on its training data always looks good."),
)
