"""The story: one licence through the whole regime, told by acts alone (`data/story.yaml`), and what tells it.

`steps` reads it; `players` makes the people; `telling` plays the steps by one of the doors of `doors`: Python,
HTTP, command line. `steps`, `words`, `clock` and `questions` need no Django; the rest is imported after it.

Each part says on which site it is played, and each site is told apart, in its own home, with its own cast:
`Telling(door, gather(cast(site), today=…), today=…).play(parts_of(site))`. `story.yaml` lists the
files of the parts.
"""
