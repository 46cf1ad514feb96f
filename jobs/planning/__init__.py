"""What a run would cost and whether it can work, before anything is spent. Pure, but for the ports it is handed.

``plan`` has the shape that is shown and stored, ``making`` puts one together. ``training``, ``hosting``,
``evaluation`` and ``break_even`` work out what is spent, and ``budgets`` holds it against what may be.
``compatibility`` says what cannot work and what would, ``subscription`` is what Azure itself answers.
"""
