"""A chat dataset as large as one likes: sums told in words, with their steps, no two examples alike.

Made by code from a seed, so that every run measures the same bytes. An example has some 730 bytes, as those of GSM8K.
"""

from __future__ import annotations

import json
import random
from pathlib import Path


def _words(text: str, between: str | None = None) -> list[str]:
    return text.split(between)


_NAMES = _words(
    "Ada Akira Amara Anton Beatriz Bjarne Carmen Chidi Chloe Dario Delphine Dimitri Edda Elif Emeka Esther Farid Fiona "
    "Florian Gerda Giulia Goran Hadiya Hannes Hiroko Ingrid Ismail Jadwiga Jamal Joaquin Kenji Khadija Klaus Lakshmi "
    "Leander Lucía Magnus Malika Marisol Matteo Nadia Naveen Ngozi Noor Oksana Olivier Otto Paloma Pavel Priya Quentin "
    "Rashid Renske Rosalind Sanjay Sigrid Soraya Tadeusz Tamsin Tariq Ulrike Umberto Valeria Viktor Wanda Wei Xenia "
    "Yaroslav Yuki Zainab Zoltan"
)
_THINGS = _words(
    "apples anchors atlases baskets batteries beads bicycles blankets books bottles bracelets bricks brushes buckets "
    "buttons cabbages cameras candles canoes cartons carpets chairs cherries chisels clocks coats combs cookies cups "
    "curtains cushions desks drums eggs envelopes erasers feathers flags flutes forks gates gloves grapes hammers hats "
    "helmets hinges hooks jars keys kites kettles ladders lamps lanterns lemons lightbulbs magnets maps marbles masks "
    "medals melons mirrors mittens mugs nails needles notebooks onions oranges ornaments paddles pancakes parcels "
    "pencils pillows plates pots postcards pumpkins puzzles quilts radios rakes ribbons ropes rulers saddles sandals "
    "saucers scarves screws seeds shells shovels spoons stamps stickers stools sweaters teapots tents tickets tiles "
    "towels trumpets umbrellas vases violins wagons whistles wreaths"
)
_PLACES = _words(
    "at the harbour|in the old mill|behind the station|on the farm|in a workshop|at the school fair|near the river|"
    "in the museum shop|at the bakery|on the night market|in the village hall|beside the lighthouse|at the cooperative|"
    "in the botanical garden|on the island|at the railway depot|in the theatre|under the bridge|in the greenhouse|"
    "at the swimming pool|in the mountain hut|behind the town library|at the print shop|in the orchard",
    "|",
)
_ADJECTIVES = _words(
    "amber ancient bent blue bright brittle broad carved cheap chipped clean copper crooked curved dusty faded fragile "
    "glossy green heavy hollow hand-made iron knotted large light lilac narrow new oval painted pale patterned plain "
    "polished purple quiet red repaired round rusty shiny silver small smooth sturdy striped tall tiny used velvet "
    "wooden woven yellow"
)
_ACTIONS = _words(
    "packs sorts repairs paints sells collects orders borrows polishes counts wraps weighs delivers labels stacks "
    "measures cleans stores lends trades"
)
_NEXT = _words("Then So Afterwards Hence")
_DAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")


def _example(chance: random.Random, number: int) -> str:
    """One line. ``number`` makes it unlike the others whatever chance has done; a system message would stand twice."""
    pick, between = chance.choice, chance.randint
    one, two = pick(_NAMES), pick(_NAMES)
    thing, other = f"{pick(_ADJECTIVES)} {pick(_THINGS)}", f"{pick(_ADJECTIVES)} {pick(_THINGS)}"
    start, more, times, price, part = between(12, 990), between(3, 480), between(2, 19), between(2, 95), between(2, 9)
    made, total = more * times, start + more * times
    left, worth = total - part, (total - part) * price
    where, when = pick(_PLACES), pick(_DAYS)
    begin = (
        f"{one} {pick(_ACTIONS)} {start} {thing} {where} on {when}",
        f"On {when} there are {start} {thing} {where}, and all belong to {one}",
        f"{where.capitalize()}, {one} has kept {start} {thing} since {when}",
        f"Since {when} {one} {pick(_ACTIONS)} {thing} {where}, {start} by now",
    )
    then = (
        f"{two} {pick(_ACTIONS)} {more} more each day for {times} days {pick(_PLACES)}",
        f"For {times} days {two} brings {more} a day, and {pick(_ACTIONS)} them {pick(_PLACES)}",
        f"{pick(_PLACES)} {two} finds {times} boxes, with {more} of them in each",
        f"{times} neighbours of {two} add {more} each, whom {pick(_NAMES)} met {pick(_PLACES)}",
    )
    after = (
        f"{part} {pick(_ADJECTIVES)} ones go to {pick(_NAMES)} for order {number}",
        f"By {pick(_DAYS)} {part} have been lost {pick(_PLACES)}, as letter {number} says",
        f"{pick(_NAMES)} {pick(_ACTIONS)} {part} of them away under number {number}",
    )
    asked = (
        f"At ${price} for each that is left, beside {between(2, 60)} {other} for nothing, what do they earn?",
        f"{pick(_NAMES)} pays ${price} a piece for the rest but not for the {other}. How much is that?",
        f"How much money is the rest, if one costs ${price} and {between(2, 60)} {other} come free?",
    )
    question = f"{pick(begin)}. {pick(then)}. {pick(after)}. {pick(asked)}\nSolution:"
    steps = (
        f" {two} {pick(_ACTIONS)} {more} * {times} = <<{more}*{times}={made}>>{made} {thing}.",
        f"With the {start} of {one} that makes {start} + {made} = <<{start}+{made}={total}>>{total} {pick(_PLACES)}.",
        f"{pick(_NEXT)} {total} - {part} = <<{total}-{part}={left}>>{left} remain.",
        f"{pick(_NAMES)} gives {left} * {price} = $<<{left}*{price}={worth}>>{worth}, {other} aside.\n#### {worth}",
    )
    said = (("user", question), ("assistant", "\n".join(steps)))
    return json.dumps({"messages": [{"role": role, "content": content} for role, content in said]}, ensure_ascii=False)


def write(path: Path, size: int, seed: int = 20261121) -> int:
    """Fills ``path`` with whole examples until it has ``size`` bytes; how many there are."""
    chance = random.Random(seed)  # noqa: S311  # Chance that can be repeated is meant, no secret.
    number = 0
    with path.open("wb") as stream:
        while stream.tell() < size:
            lines = []
            for _ in range(1000):
                number += 1
                lines.append(_example(chance, number))
            stream.write("\n".join(lines).encode() + b"\n")
    return number
