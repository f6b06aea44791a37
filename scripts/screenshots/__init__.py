"""`make screenshots`: pictures of every state of every page, on a phone and on a desk, in light and dark."""
