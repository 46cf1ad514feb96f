"""An Azure for this machine: Entra, ARM, Azure OpenAI's data plane and blobs over HTTPS on 127.0.0.1.

`python -m simulator serve` runs it, `python -m simulator exec -- CMD` runs a command against it, and
`simulator.server.Simulator` is the same in process.
"""
