"""The resource types: one module per noun, each ending in the descriptors that registry.py lists."""
