"""The outbox: what must reach somebody, in which state each message is, and the worker that sends them."""
