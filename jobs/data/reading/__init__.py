"""From bytes to examples: lines of a file, and the JSON on each of them."""
