"""Checks that a department writes itself: data in an edition, read to the same `Check` as the shipped ones.

`definition.py` is the language, `reading.py` turns an edition's definition into it, `faults.py` says what is wrong with one,
`finding.py` answers its looks over a batch, `timing.py` its timings, `judging.py` decides by its expressions, `trials.py` runs the
examples that stand beside it.
"""
