"""Labels that were answered, beside those that were expected: accuracy, macro F1, the confusion matrix. Pure.

By scikit-learn's metrics. Macro F1 is the mean over the labels that are expected anywhere; what is answered and never
expected, or no label at all, is ``(other)``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from jobs.evaluation.grading import Graded
from jobs.evaluation.scorecard import Classification, LabelScore

OTHER = "(other)"
MOST_LABELS = 100
"""A matrix of more is read by nobody; the most frequent are told apart, the others are ``(other)``."""
_DIGITS = 6


def classification(graded: Sequence[Graded]) -> Classification | None:
    """None where the grader tells no labels. What has no expected label does not count."""
    told = [(each.expected_label, each.label) for each in graded if each.expected_label is not None]
    if not told:
        return None
    # scikit-learn has no types.
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support  # type: ignore[import-untyped]

    counts = Counter(expected for expected, _ in told)
    most = sorted(counts, key=lambda label: (-counts[label], label))[:MOST_LABELS]
    labels = sorted(most)
    known = set(labels)
    truth, answered = ([label if label in known else OTHER for label in side] for side in zip(*told, strict=True))
    precision, recall, f1, support = precision_recall_fscore_support(truth, answered, labels=labels, zero_division=0.0)
    shown = [*labels, OTHER] if {OTHER} & {*truth, *answered} - known else labels
    return Classification(
        accuracy=round(sum(expected == label for expected, label in told) / len(told), _DIGITS),
        macro_f1=round(float(f1.mean()), _DIGITS),
        labels=tuple(shown),
        per_label={
            label: LabelScore(
                precision=round(float(precision[at]), _DIGITS),
                recall=round(float(recall[at]), _DIGITS),
                f1=round(float(f1[at]), _DIGITS),
                support=int(support[at]),
            )
            for at, label in enumerate(labels)
        },
        confusion=tuple(tuple(int(count) for count in row) for row in confusion_matrix(truth, answered, labels=shown)),
    )
