"""The licence lines of a data folder as a register to be read: figures, licences, places, in milliseconds.

Counting is by arrays in memory, with the scope rules of the stocktake; `statistics` is its oracle in the tests.
What leaves this package is plain values, Results and SVG.
"""
