"""How a model is tuned here: examples read from bytes, a small language model fitted to them, answers found in them.

Pure: bytes and numbers in, values out. No state, no time, no HTTP.
"""
