"""The story: one licence through the whole regime, told by acts alone (`data/story.yaml`), and what tells it.

`steps` reads it; `cast` makes the people; `telling` plays the steps by a door: `python_door`, `http_door` or
`command_door`. All but `steps` and `http_door` are imported only once Django is set up.
"""
