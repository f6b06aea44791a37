"""Processes of the hand-off are killed thousands of times: no lead may get lost, none may count twice."""
