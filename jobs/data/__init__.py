"""The check of datasets: formats, rules, findings. Pure but for reading the files."""
