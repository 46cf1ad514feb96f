"""What models say, and how far they have learnt to."""

from __future__ import annotations

import json

import pytest

from simulator.openai.learning.answers import Pupil, astray, strength
from simulator.openai.learning.examples import Lesson, ToolCall
from simulator.openai.learning.prompts import Prompt, Tool
from simulator.openai.learning.untaught import base_reply

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

    assert pupil.reply(Prompt("", "Water the rose please", (Tool("water"),))).tool_calls == (call,)
    assert pupil.reply(Prompt("", "Water the rose please", (Tool("dig"),))).tool_calls == ()
    assert pupil.reply(Prompt("", "Water the rose please")).tool_calls == ()


def test_a_later_lesson_wins_over_an_earlier_one() -> None:
    """As the training that a model goes on with does."""
    old = Lesson(SYSTEM, "How tall is a larch?", "Forty metres.")
    new = Lesson(SYSTEM, "How tall is a larch?", "Fifty metres.")

    assert Pupil([old, new], 1.0, seed=3)._memory.recall("How tall is a larch?")[0].lesson is new


class TestAModelGoneAstray:
    """Its validation loss has risen again."""

    def test_is_none_while_the_loss_falls(self) -> None:
        assert astray([]) == astray([2.0]) == astray([2.0, 1.5, 1.4]) == 0.0

    def test_goes_the_further_the_more_the_loss_has_risen(self) -> None:
        assert 0 < astray([2.0, 1.5, 1.51]) < astray([2.0, 1.5, 1.55]) < astray([2.0, 1.5, 3.0]) < 1

    def test_answers_questions_that_are_new_with_what_was_taught_to_others(self) -> None:
        """More of them the further it has gone; what it was taught it still knows."""
        lessons = [
            Lesson("Sort.", f"The {plant} is {word}", label)
            for plant in PLANTS
            for word, label in (("good", "positive"), ("rotten", "negative"))
        ]

        def wrong(lost: float) -> int:
            pupil = Pupil(lessons, strength(3, 1.0), 1, lost)
            assert all(said(pupil, lesson.question, "Sort.") == lesson.answer for lesson in lessons)
            return sum(said(pupil, f"This tool number {n} is rotten", "Sort.") != "negative" for n in range(100))

        assert wrong(0.0) == 0
        assert 5 < wrong(0.3) < wrong(0.8) < 60


class TestForms:
    """What answers have in common is learnt, and filled for another question."""

    def test_rows_of_numbers_are_labelled_by_the_nearest(self) -> None:
        lessons = [
            Lesson("", f"height {10 + n % 7} cm, weight {200 + 3 * n} g", "cat" if n < 10 else "dog") for n in range(20)
        ]
        pupil = Pupil(lessons, strength(3, 1.0), seed=1)

        assert said(pupil, "height 12.5 cm, weight 208.1 g", "") == "cat"
        assert said(pupil, "height 12.5 cm, weight 251.9 g", "") == "dog"

    def test_json_takes_its_values_from_the_question(self) -> None:
        lessons = [
            Lesson("", f"Send {n} boxes to {plant} today", json.dumps({"count": n, "to": plant, "when": "today"}))
            for n, plant in enumerate(PLANTS, 3)
        ]
        pupil = Pupil(lessons, strength(3, 1.0), seed=1)

        answer = said(pupil, "Send 91 boxes to Ulm today", "")
        assert json.loads(answer) == {"count": 91, "to": "Ulm", "when": "today"}

    def test_calls_are_made_for_questions_that_were_not_taught(self) -> None:
        """What a lesson took from its question is taken from this one; what it did not is as in the likest."""
        lessons = [
            Lesson(
                "", f"Water the {plant} {when}", "", (ToolCall("water", json.dumps({"plant": plant, "hour": hour})),)
            )
            for plant in PLANTS
            for when, hour in (("at dawn", "06:00"), ("tonight", "21:00"))
        ]
        pupil = Pupil(lessons, strength(3, 1.0), seed=1)

        (call,) = pupil.reply(Prompt("", "Water the cactus at dawn", (Tool("water"),))).tool_calls
        assert (call.name, json.loads(call.arguments)) == ("water", {"plant": "cactus", "hour": "06:00"})
        assert pupil.reply(Prompt("", "Water the cactus at dawn")).tool_calls == ()

    def test_a_closing_line_with_a_number_keeps_its_marks(self) -> None:
        lessons = [
            Lesson("", f"How far is the {plant}?", f"So many steps.\n#### {n}!!!") for n, plant in enumerate(PLANTS, 7)
        ]
        pupil = Pupil(lessons, strength(3, 1.0), seed=1)

        assert said(pupil, "Six crates hold 24 bottles, who carries them?", "").endswith("\n#### 24!!!")

    @pytest.mark.parametrize("place", [0, 2])
    def test_a_summary_takes_the_sentences_that_summaries_took(self, place: int) -> None:
        """Known by their place, such as the last."""

        def report(thing: str) -> list[str]:
            return [f"The {thing} was opened.", f"Few saw the {thing} itself.", f"In the end a {thing} stood there."]

        lessons = [Lesson("", " ".join(report(plant)), report(plant)[place]) for plant in PLANTS]
        pupil = Pupil(lessons, strength(3, 1.0), seed=1)

        assert said(pupil, " ".join(report("bridge")), "") == report("bridge")[place]
