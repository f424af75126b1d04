"""One run from end to end: find, read, judge, settle, sift."""
