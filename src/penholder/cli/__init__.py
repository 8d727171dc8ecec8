"""The `penholder` command. Reads input, calls one function of `analysis` or `regime`, renders the result."""
