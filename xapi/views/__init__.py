"""The resources of the Learning Record Store."""
