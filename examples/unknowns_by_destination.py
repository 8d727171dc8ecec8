"""For which destinations is most not known? SQL over an answer. Run beside `penholder sample trial`."""

import penholder

answer = penholder.open("trial").stocktake("northern-campaign", on="2020-06-30", scope="granted")
lines = answer.duckdb()

print(
    lines.query(
        "lines",
        """
        select destination_name, count(*) as unknown, sum(value) as value, mode(because) as most_often_because
        from lines where use = 'unknown'
        group by destination_name order by unknown desc, destination_name limit 5
        """,
    )
)
print(answer.citation.line())
