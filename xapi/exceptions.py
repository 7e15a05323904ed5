"""What can be wrong with a request to the store."""

from uuid import UUID


class InvalidStatement(Exception):
    """Raised when a statement breaks a rule of the specification; says where and which."""

    def __init__(self, path: str, rule: str) -> None:
        super().__init__(f"{path}: {rule}" if path else rule)
        self.path = path
        self.rule = rule


class Conflict(Exception):
    """Raised when a statement's id is taken by a different statement. Nothing was stored."""

    def __init__(self, statement_id: UUID) -> None:
        super().__init__(f"another statement has the id {statement_id}")
        self.statement_id = statement_id


class MayNotVoid(Exception):
    """Raised when a credential would void a statement that it did not send. Nothing was stored."""

    def __init__(self, statement_id: UUID) -> None:
        super().__init__(f"this credential may not void the statement {statement_id}, which it did not send")
        self.statement_id = statement_id


class Refused(Exception):
    """Raised when a request gets another answer than success: an HTTP status and the reason.

    retry_after: in how many seconds it may come again, where that is known.
    """

    def __init__(self, status: int, reason: str, *, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after
