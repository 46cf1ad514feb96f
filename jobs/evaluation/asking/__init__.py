"""Asking every contender the whole holdout: requests, pace, lanes, the round. One lane per deployment."""
