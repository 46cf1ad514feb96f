"""Measures: what an answer is worth by one grader. A module each; jobs.evaluation.grading is the way in.

Total: whatever a model answered has a score, and a finite one. Only a callable that people wrote can fail (Refused).
"""
