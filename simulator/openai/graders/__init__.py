"""Graders of reinforcement tuning: their shapes, their templates, and the scores of those that can be run here.

Pure: values in, values out. No state, no time, no HTTP.
"""
