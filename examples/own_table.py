"""Take an answer further in pandas: value that could have been used, by year of decision and basis.

Run beside `penholder sample trial`.
"""

import penholder

lines = penholder.open("trial").stocktake("northern-campaign", on="2020-06-30", scope="granted").pandas()
could = lines[lines["use"] == "could"]
years = could.assign(year=[day.year for day in could["decided_on"]], value=could["value"].astype(float))
print(years.pivot_table(index="year", columns="basis", values="value", aggfunc="sum", observed=True).round())
