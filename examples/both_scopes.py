"""What can still be stopped, and what may already be there? Run beside `penholder sample trial`."""

import penholder

ON = "2020-06-30"
trial = penholder.open("trial")

print(f"{'scope':10} {'lines':>6} {'could':>6} {'unknown':>8} {'excluded':>9}")
for scope in ("in-force", "granted"):
    figures = trial.stocktake("northern-campaign", on=ON, scope=scope).document
    use = figures["use"]
    print(f"{scope:10} {figures['lines']:6} {use['could']:6} {use['unknown']:8} {use['excluded']:9}")
