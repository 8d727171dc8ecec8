"""Which lines could have been used in the reported air strikes of a quarter? Needs `penholder sample trial`."""

import penholder

QUARTERS = (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))
trial = penholder.open("trial")

for number, (first, last) in enumerate(QUARTERS, start=1):
    chosen = ["place=XC", "means=air_strike", f"date=2018-{first}..2018-{last}"]
    touched = trial.touches("northern-campaign", where=chosen).document
    print(
        f"2018, quarter {number}: {touched['use']['could']:3} lines could, {touched['use']['unknown']:3} unknown"
    )
