"""The settings of a run: dblint.toml or [tool.dblint], as frozen data. Nothing here names code."""
