"""What can be exported and with which options; no part of making it."""
