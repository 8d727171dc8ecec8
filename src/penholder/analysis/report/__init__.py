"""What leaves Penholder: results with their citation, in every format that people read."""
