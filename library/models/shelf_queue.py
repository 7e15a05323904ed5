"""Records whose headings and collections are to be derived again."""

from core.models import QueueRow


class ShelfQueue(QueueRow):
    """A record that was added, changed or deleted. Its key is the record's primary key."""

    class Meta(QueueRow.Meta):
        verbose_name = "biểu ghi chờ xếp giá"
