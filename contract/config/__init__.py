"""The sections of a stack config, a module each: what people write, with what stands where they write nothing."""
