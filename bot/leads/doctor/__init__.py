"""The page for a child's own doctor: what stands on it, and the links under which families share it."""
