"""Where the statistics run: DuckDB on this machine, or Spark. Both through Ibis, from the same Parquet files."""

from penholder.analysis.engines.choose import Engine, open_engine
from penholder.analysis.engines.names import ENGINES

__all__ = ["ENGINES", "Engine", "open_engine"]
