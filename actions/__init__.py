"""What Rasa calls: one action, `action_interview`, in a server of its own (`python -m actions`)."""
