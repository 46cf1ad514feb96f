"""The rules that datasets are held to. Their IDs are stable: people name them in discussions and in settings.

Sources: "ft" is Microsoft's "Customize a model with fine-tuning" (azure-ai-docs, fine-tuning.md), "functions" its
page on tool calling (fine-tuning-functions.md), "vision" the one on images (fine-tuning-vision.md), "dpo" the one on
preference pairs (fine-tuning-direct-preference-optimization.md), "rft" the one on reinforcement
(reinforcement-fine-tuning.md), "ready" the one on when to use fine-tuning (fine-tuning-considerations.md, of 2024 and
of 2026), "sdk" the types of the OpenAI Python library. Where no source is named the reason is the rule's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

MIN_EXAMPLES = 10
FEW_EXAMPLES = 50
MAX_ACCOUNT_BYTES = 1024 * 1024 * 1024
MAX_FILE_BYTES = MAX_ACCOUNT_BYTES
MAX_JOB_TOKENS = 2_000_000_000
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
    # The specification.
    (
        "tune-yaml",
        "error",
        "tune.yaml asks for what cannot be trained",
        "A base, a method or a training type that the service does not offer so (the catalog names its sources).",
    ),
    # Why it is tuned, and by what it is graded. An environment may demand the answers: they are errors there.
    (
        "readiness-use-case",
        "warning",
        "tune.yaml does not say why the model is tuned",
        "Tuning without a clear use case is the first sign of not being ready for it (ready).",
    ),
    ("readiness-goal", "warning", "no goal", "More than “make the model better” must be said (ready)."),
    (
        "readiness-baseline",
        "warning",
        "no baseline without tuning",
        "Without one nobody can tell whether tuning has improved anything (ready).",
    ),
    (
        "readiness-knowledge",
        "warning",
        "knowledge that the model lacks, and retrieval was not tried",
        "For knowledge outside the model's domain one starts with retrieval (ready).",
    ),
    ("readiness-data", "warning", "no origin of the data", "A tuned model is as good as its data (ready)."),
    (
        "readiness-approval",
        "warning",
        "nobody has approved the data",
        "What a model was trained on cannot be taken out of it again.",
    ),
    (
        "readiness-success",
        "warning",
        "no measure of success",
        "How quality is measured is settled before the training, not after it (ready).",
    ),
    (
        "grader-model",
        "warning",
        "a grader's model is not documented",
        "Few models are documented to grade (rft). Azure may take others by now.",
    ),
    (
        "grader-blind",
        "warning",
        "a grader does not see the answer",
        "It gives every answer the same score, from which nothing is learnt.",
    ),
    (
        "grader-unused",
        "warning",
        "a grader counts for nothing",
        "Its score is not in the formula, and costs as much as the others.",
    ),
    (
        "grader-source",
        "warning",
        "a grader's program looks wrong",
        "The service calls grade(sample, item); a job whose grader keeps failing fails (rft).",
    ),
    (
        "evaluation-file",
        "warning",
        "the evaluation names what is not there",
        "`jobs evaluate` needs it: a file of a baseline, the schema or the function of a grader.",
    ),
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
        "syntax-spread",
        "error",
        "JSON, but not an object a line",
        "A JSON array or an indented object is no JSONL: each line is read by itself, as one example (ft).",
    ),
    (
        "syntax-line-size",
        "error",
        "a line too long to be read",
        f"More than {MAX_LINE_BYTES // 2**20} MiB: no model takes an example of that size.",
    ),
    ("file-changed", "error", "the file changed while it was read", "What was checked is not what would be sent."),
    # Kinds: datasets for something else.
    (
        "kind-chat",
        "error",
        "a chat example",
        "Messages that end with the assistant are for method supervised; dpo takes pairs, reinforcement questions.",
    ),
    (
        "kind-mixed",
        "error",
        "examples of several kinds in one file",
        "A job takes one method, and a method one kind of example.",
    ),
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
        "This is for method dpo (fine-tuning-direct-preference-optimization.md); the others take messages.",
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
    (
        "schema-system-developer",
        "warning",
        "a system and a developer message",
        "They are the same to a model; Microsoft asks not to send both (reasoning.md).",
    ),
    ("schema-last-assistant", "error", "does not end with the assistant", "The last message is what is learned (ft)."),
    (
        "schema-last-user",
        "error",
        "does not end with the user",
        "In reinforcement the model gives the answer, which the grader scores: the last message is the user's (rft).",
    ),
    (
        "schema-nothing-learned",
        "error",
        "no assistant message with weight 1",
        "Nothing of the example would be learned (ft: weight).",
    ),
    ("schema-weight", "error", "weight is misplaced or malformed", "0 or 1, on assistant messages only (ft)."),
    (
        "schema-slices",
        "error",
        "slices are malformed",
        "Texts by name, such as label, language and group: by them the scores on the holdout are told apart.",
    ),
    # Schema of a preference pair, and of a reinforcement example.
    ("schema-input", "error", "the input of a pair is malformed", "An object with the messages that lead there (dpo)."),
    (
        "schema-output",
        "error",
        "an output of a pair is malformed",
        "A list of messages of assistant and tool, at least one of the assistant (dpo).",
    ),
    (
        "preference-same",
        "warning",
        "both outputs are the same",
        "A pair teaches by the difference: of this one nothing is learned.",
    ),
    (
        "grader-reference",
        "error",
        "the grader asks for what the example lacks",
        "{{ item.key }} is filled in from the example's own keys: without one there is nothing to score against (rft).",
    ),
    (
        "evaluation-reference",
        "warning",
        "a grader of the evaluation asks for what lines of the holdout lack",
        "Such a line scores 0 by this grader, whatever is answered.",
    ),
    # Tools.
    ("schema-tools", "error", "tools are malformed", "A list of functions with unique names (functions)."),
    (
        "schema-tool-name",
        "error",
        "a tool's name is not allowed",
        "1 to 64 of a-z, A-Z, 0-9, _ and -: under another name it cannot be offered when the model is used (sdk).",
    ),
    (
        "schema-tool-description",
        "warning",
        "a tool's description is too long",
        "Azure OpenAI takes 1,024 characters (function-calling.md), and what is trained should be sent again later.",
    ),
    (
        "schema-tool-parameters",
        "error",
        "parameters are no JSON Schema",
        "What is declared is what a call is held to; the service takes a JSON Schema (sdk).",
    ),
    (
        "schema-tool-call",
        "error",
        "a tool call is malformed",
        "id, type function, name, arguments as text (functions).",
    ),
    (
        "schema-tool-parallel",
        "warning",
        "calls beside each other where there should be none",
        "parallel_tool_calls: false promises one call at a time (sdk), and the model would learn to break it.",
    ),
    (
        "schema-tool-id",
        "warning",
        "a tool call without an id",
        "The API asks for one (sdk), and answers refer to it; Microsoft's sample schema shows a call without. Untried.",
    ),
    (
        "schema-tool-undeclared",
        "error",
        "a call of a tool that is not declared",
        "The model would learn to call what it is not offered (functions).",
    ),
    ("schema-tool-arguments", "error", "arguments are not JSON", "The caller parses them, as an object (functions)."),
    (
        "schema-tool-misfit",
        "error",
        "arguments don't fit the declared parameters",
        "The model would learn to make calls that the tool refuses (functions: definitions and calls go together).",
    ),
    (
        "schema-tool-answer",
        "error",
        "tool calls and tool messages don't pair",
        "Each call is answered by one tool message with its id, before anything else is said (sdk).",
    ),
    ("schema-functions", "warning", "functions, function_call", "Deprecated; use tools and tool_calls (functions)."),
    ("schema-unknown-key", "warning", "unknown key", "The service may refuse it, and learns nothing from it."),
    ("content-empty", "warning", "empty content", "An empty text teaches silence; it is rarely meant."),
    (
        "content-invisible",
        "warning",
        "a character that nobody sees or meant",
        "Control characters, marks of zero width, and the sign for a lost character come from bad conversions.",
    ),
    # Images.
    ("image-place", "error", "an image outside a user message", "Only user messages have images (vision)."),
    (
        "image-model",
        "error",
        "an image for a model that takes none",
        "Few base models are tuned with images (vision: gpt-4o 2024-08-06, gpt-4.1 2025-04-14).",
    ),
    (
        "image-url",
        "error",
        "an image's address cannot be used",
        "A public https address, or the image itself as a data: URL (vision).",
    ),
    ("image-broken", "error", "an image cannot be read", "What is cut off or no image is left out of the training."),
    ("image-format", "error", "an image of another format", "JPEG, PNG or WEBP (vision); others are left out."),
    ("image-mode", "error", "an image of another color mode", "RGB or RGBA (vision); others are left out."),
    ("image-size", "error", "an image too large", "At most 10 MB each (vision); larger ones are left out."),
    ("image-count", "error", "too many images in one example", "At most 64 (vision)."),
    (
        "image-examples",
        "error",
        "too many examples with images",
        "At most 50,000 in a file, those without images not counted (vision).",
    ),
    (
        "image-unseen",
        "warning",
        "images that were not looked at",
        "Addresses are not fetched here: the service must reach them, and leaves out what breaks its limits (vision).",
    ),
    # Size.
    ("size-empty", "error", "no examples", "There is nothing to learn from."),
    ("size-too-few", "error", "fewer than 10 examples", "The service refuses to train on fewer than 10 (ft)."),
    (
        "size-few",
        "warning",
        "few examples",
        "Below 50 the tuned model seldom differs from its base in what matters (ft).",
    ),
    ("size-file", "error", "file too large", "1 GB of fine-tuning files in an account (quotas-limits.md)."),
    (
        "size-account",
        "error",
        "files too large together",
        "1 GB of fine-tuning files in an account (quotas-limits.md).",
    ),
    (
        "size-tokens-example",
        "error",
        "an example too long for the model",
        "What is beyond the limit of the model is cut off or refused (fine-tune-models.md).",
    ),
    (
        "size-tokens-job",
        "error",
        "too many tokens for one job",
        "Tokens of the training file times epochs: 2 billion a job (quotas-limits.md).",
    ),
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
    # Secrets and personal data.
    (
        "secret-key",
        "error",
        "a key, a token or a password",
        "Whoever may use the model can bring it to say what it was trained on.",
    ),
    (
        "secret-private-key",
        "error",
        "a private key",
        "Whoever may use the model can bring it to say what it was trained on.",
    ),
    (
        "personal-email",
        "warning",
        "an e-mail address",
        "A model can repeat what it was trained on, and the address is somebody's.",
    ),
    (
        "personal-phone",
        "warning",
        "a phone number",
        "A model can repeat what it was trained on, and the number is somebody's.",
    ),
    (
        "personal-card",
        "warning",
        "the number of a payment card",
        "A model can repeat what it was trained on, and the card is somebody's.",
    ),
    (
        "personal-iban",
        "warning",
        "the number of a bank account",
        "A model can repeat what it was trained on, and the account is somebody's.",
    ),
    (
        "personal-ssn",
        "warning",
        "a US social security number",
        "A model can repeat what it was trained on, and the number is somebody's.",
    ),
    (
        "repeat-near",
        "warning",
        "nearly the same prompt twice",
        "Variants of one prompt count as many, and hide how little the dataset covers.",
    ),
    (
        "leak-near-validation",
        "warning",
        "a prompt of the validation file is nearly one of training",
        "The validation loss looks better than it is.",
    ),
    (
        "leak-near-holdout",
        "warning",
        "a prompt of the holdout is nearly one of training",
        "What was learned by heart is no measure of the model.",
    ),
    # Consistency of tools.
    (
        "tools-differ",
        "warning",
        "a tool declared in different ways",
        "The model is offered one declaration when it is used; it learns best from that one.",
    ),
    # Balance.
    (
        "balance-label-dominates",
        "warning",
        "one label dominates",
        "To say it always is right nearly as often as to learn the task.",
    ),
    (
        "balance-label-rare",
        "warning",
        "labels with few examples",
        "Of fewer than 10 examples nothing is learned but chance.",
    ),
    (
        "balance-label-spelling",
        "warning",
        "one label spelled in several ways",
        "The model learns each spelling as a label of its own.",
    ),
    ("balance-label-unknown", "warning", "answers that training does not have", "What was never taught is measured."),
    (
        "balance-same-answer",
        "warning",
        "the same answer to many prompts",
        "The model learns to say it whatever is asked.",
    ),
    (
        "balance-length-far",
        "warning",
        "an answer far longer than the others",
        "It weighs as much in training as many others do: the loss is counted by tokens.",
    ),
    (
        "balance-length-cut",
        "warning",
        "many answers of exactly the same greatest length",
        "An export that cuts texts teaches to stop in the middle.",
    ),
    (
        "balance-preferred-length",
        "warning",
        "the preferred output is nearly always longer, or never",
        "The model learns the length, which is easier to tell than the quality.",
    ),
    (
        "balance-template",
        "warning",
        "most prompts begin with the same words",
        "The model learns the template; whoever asks otherwise gets less of what was taught.",
    ),
    ("balance-user", "warning", "most examples come from one user", "The model learns that user's ways."),
    (
        "balance-language",
        "warning",
        "prompts in languages that training hardly has",
        "What is measured is not what was taught.",
    ),
    # Slices of the holdout.
    (
        "slices-in-training",
        "error",
        "slices in a file that is sent",
        "The file is sent as it is, and the service does not know the key.",
    ),
    (
        "slices-missing",
        "warning",
        "lines without a slice that others have",
        "They are counted in no group, and the groups don't add up.",
    ),
    ("slices-small", "warning", "a slice of few lines", "What is measured on fewer than 10 lines is chance."),
)
