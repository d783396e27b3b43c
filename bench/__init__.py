"""Side-by-side benchmarks. `python -m bench` runs all; `python -m bench execute` one. They print ratios."""
