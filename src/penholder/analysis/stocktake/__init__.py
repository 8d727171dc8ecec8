"""The main job: which licence lines could have been used, where, by which path, and what is not known.

`run` answers for a data folder; `touches`, `why` and `questions` turn that answer to an incident, to one line and
to what is not known; `index` keeps the daily path in memory. Words and definitions: docs/reference/stocktake.md.
"""
