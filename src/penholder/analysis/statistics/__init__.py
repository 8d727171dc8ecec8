"""Figures: lines, licences or value by any dimensions, and the rows behind each of them.

Every function between `ibis.Table` and `ibis.Table` runs on each engine of `analysis.engines` alike.
"""
