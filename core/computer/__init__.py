"""The computer: its devices and memory, and work on several of its cores."""
