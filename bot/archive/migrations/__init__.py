"""The database's history: append only, never edit what has been released."""
