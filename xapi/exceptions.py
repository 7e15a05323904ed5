"""What can be wrong with a request to the store."""


class InvalidStatement(Exception):
    """Raised when a statement breaks a rule of the specification; says where and which."""

    def __init__(self, path: str, rule: str) -> None:
        super().__init__(f"{path}: {rule}" if path else rule)
        self.path = path
        self.rule = rule


class Conflict(Exception):
    """Raised when a statement's id is taken by a different statement."""
