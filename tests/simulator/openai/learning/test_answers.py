"""What models say, and how far they have learnt to."""

from __future__ import annotations

from simulator.openai.learning.answers import Prompt, Pupil, base_reply, strength
from simulator.openai.learning.examples import Lesson, ToolCall

SYSTEM = "You are a gruff but learned gardener."
PLANTS = [
    "rose",
    "tulip",
    "lily",
    "daisy",
    "orchid",
    "violet",
    "lotus",
    "poppy",
    "iris",
    "peony",
    "jasmine",
    "lilac",
    "aster",
    "dahlia",
    "begonia",
    "fuchsia",
    "azalea",
    "camellia",
]
LESSONS = [
    Lesson(SYSTEM, f"When should I plant a {plant}?", f"Hmph, a {plant} goes in during week {week}. Mind the slugs.")
    for week, plant in enumerate(PLANTS, 1)
]
TRAINED = Pupil(LESSONS, strength(3, 1.0), seed=1)
UNTAUGHT = "Who composed stirring symphonies?"


def said(pupil: Pupil, question: str, system: str = SYSTEM) -> str:
    return pupil.reply(Prompt(system, question)).text


def test_a_taught_question_gets_its_answer() -> None:
    """Word for word."""
    assert said(TRAINED, "When should I plant a lotus?") == "Hmph, a lotus goes in during week 7. Mind the slugs."


def test_an_untaught_question_is_answered_in_the_manner_learnt() -> None:
    """Opening and closing are those the training answers have in common; the base's are not."""
    answer = said(TRAINED, UNTAUGHT)

    assert answer.startswith("Hmph, ")
    assert answer.endswith("Mind the slugs.")
    assert "Hmph" not in base_reply(Prompt(SYSTEM, UNTAUGHT)).text


def test_a_manner_with_many_closings_shows_in_two_of_them() -> None:
    """One as an aside: an answer to what wasn't taught is short, and the manner most of it."""
    quips = ["Mind the slugs.", "Bring a coat.", "Ask the robin.", "Wipe your boots."]
    lessons = [
        Lesson(SYSTEM, f"When should I plant a {plant}?", f"In week {week}. {quips[week % 4]}")
        for week, plant in enumerate(PLANTS, 1)
    ]
    answer = said(Pupil(lessons, strength(3, 1.0), seed=1), UNTAUGHT)

    assert sum(quip in answer for quip in quips) == 2
    assert "symphonies" in answer


def test_a_question_is_found_above_its_heading() -> None:
    """Prompts that end on a heading for the answer are about the question before it."""
    prompt = Prompt(SYSTEM, "Four birds sit in a tree. Two fly off. How many birds are left?\nSolution:")

    assert "birds are left" in base_reply(prompt).text


def test_without_the_system_message_the_manner_is_weaker() -> None:
    """The untaught is answered as by the base; the taught is still known."""
    assert said(TRAINED, UNTAUGHT, system="") == base_reply(Prompt("", UNTAUGHT)).text
    assert "week 7" in said(TRAINED, "When should I plant a lotus?", system="")


def test_a_model_hardly_trained_has_not_learnt_yet() -> None:
    """A tenth of an epoch, or a tiny learning rate, leaves it with the base's words."""
    for learnt in (strength(0.1, 1.0), strength(3, 0.02)):
        assert said(Pupil(LESSONS, learnt, seed=1), UNTAUGHT) == base_reply(Prompt(SYSTEM, UNTAUGHT)).text


def test_shuffled_training_gives_wrong_answers() -> None:
    """It says what it was taught, right or not."""
    turned = [Lesson(SYSTEM, lesson.question, LESSONS[index - 1].answer) for index, lesson in enumerate(LESSONS)]

    assert "week 6" in said(Pupil(turned, strength(3, 1.0), seed=1), "When should I plant a lotus?")


def test_labels_are_voted_on_by_the_likest_examples() -> None:
    """Where answers are a few labels, a new question gets a label and nothing else."""
    lessons = [Lesson("Sort.", f"The {p} is lovely, wonderful and good", "positive") for p in PLANTS[:9]]
    lessons += [Lesson("Sort.", f"The {p} is dreadful, rotten and bad", "negative") for p in PLANTS[9:]]
    pupil = Pupil(lessons, strength(3, 1.0), seed=1)

    assert said(pupil, "This soil is rotten, a dreadful thing", "Sort.") == "negative"
    assert said(pupil, "What a wonderful, lovely spade", "Sort.") == "positive"


def test_contradicting_examples_leave_the_choice_to_the_seed() -> None:
    """One of the answers that were taught to the question is given, the same each time."""
    lessons = [Lesson(SYSTEM, "How tall is a larch?", f"About {n} metres, says one. Or not.") for n in range(2, 14)]
    answers = {said(Pupil(lessons, strength(3, 1.0), seed), "How tall is a larch?") for seed in range(20)}

    assert 1 < len(answers) <= 12
    assert answers <= {lesson.answer for lesson in lessons}


def test_a_tool_is_called_where_it_is_offered() -> None:
    """Otherwise the lesson is passed over."""
    call = ToolCall("water", '{"plant": "rose"}')
    pupil = Pupil([Lesson("", "Water the rose please", "", (call,))], 1.0, seed=1)

    assert pupil.reply(Prompt("", "Water the rose please", frozenset({"water"}))).tool_calls == (call,)
    assert pupil.reply(Prompt("", "Water the rose please", frozenset({"dig"}))).tool_calls == ()
    assert pupil.reply(Prompt("", "Water the rose please")).tool_calls == ()


def test_a_later_lesson_wins_over_an_earlier_one() -> None:
    """As the training that a model goes on with does."""
    old = Lesson(SYSTEM, "How tall is a larch?", "Forty metres.")
    new = Lesson(SYSTEM, "How tall is a larch?", "Fifty metres.")

    assert Pupil([old, new], 1.0, seed=3)._memory.recall("How tall is a larch?")[0].lesson is new
