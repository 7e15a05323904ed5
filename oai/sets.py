"""Sets: our collections. A setSpec is the path of slugs from the top, such as dan-toc:tay."""

from dataclasses import dataclass, field

from library.models import Collection, CollectionMembership


@dataclass(frozen=True)
class Set:
    """One collection as OAI-PMH shows it."""

    key: int
    spec: str
    name: str
    description: str


@dataclass(frozen=True)
class Sets:
    """All collections, read with one query."""

    by_key: dict[int, Set] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Sets":
        """The collections as they are now."""
        rows = {row.pk: row for row in Collection.objects.all()}

        def spec(row: Collection, depth: int = 0) -> str:
            parent = rows.get(row.parent_id) if row.parent_id and depth < len(rows) else None
            return f"{spec(parent, depth + 1)}:{row.slug}" if parent else row.slug

        found = [Set(row.pk, spec(row), row.name, row.description) for row in rows.values()]
        return cls({each.key: each for each in sorted(found, key=lambda each: each.spec)})

    def below(self, spec: str) -> list[int]:
        """Keys of the set with this setSpec and of all sets below it; empty when there is none."""
        return [key for key, each in self.by_key.items() if each.spec == spec or each.spec.startswith(f"{spec}:")]

    def of_records(self, keys: list[int]) -> dict[int, list[str]]:
        """The setSpecs of each of these records, with one query; without an entry where there is none."""
        found: dict[int, list[str]] = {}
        members = CollectionMembership.objects.filter(record_id__in=keys).values_list("record_id", "collection_id")
        for record, collection in members:
            if collection in self.by_key:
                found.setdefault(record, []).append(self.by_key[collection].spec)
        return {record: sorted(specs) for record, specs in found.items()}
