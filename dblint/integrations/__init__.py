"""dblint inside of other tools."""
