"""The tables of the library: records, their collections and sources, citations, and what an import refused."""

from library.models.citation import Citation
from library.models.collection import Collection, CollectionMembership
from library.models.import_batch import ImportBatch, ImportedRecord
from library.models.match_point import MatchPoint, MatchProgress
from library.models.record import Record
from library.models.record_column import RecordColumn
from library.models.rejected import RejectedRecord
from library.models.source import Source

__all__ = [
    "Citation",
    "Collection",
    "CollectionMembership",
    "ImportBatch",
    "ImportedRecord",
    "MatchPoint",
    "MatchProgress",
    "Record",
    "RecordColumn",
    "RejectedRecord",
    "Source",
]
