"""What the words of families are held to: how hard they are to read, and what they may not say."""
