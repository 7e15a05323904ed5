"""The tables of the library: records with their history, collections and sources, citations, what was refused."""

from library.models.batch_change import BatchChange, BatchedRecord
from library.models.citation import Citation
from library.models.collection import Collection, CollectionMembership
from library.models.import_batch import ImportBatch, ImportedRecord
from library.models.match_point import MatchPoint, MatchProgress
from library.models.merge import RecordMerge
from library.models.record import Record
from library.models.record_column import RecordColumn
from library.models.rejected import RejectedRecord
from library.models.source import Source
from library.models.version import RecordEditor, RecordVersion

__all__ = [
    "BatchChange",
    "BatchedRecord",
    "Citation",
    "Collection",
    "CollectionMembership",
    "ImportBatch",
    "ImportedRecord",
    "MatchPoint",
    "MatchProgress",
    "Record",
    "RecordColumn",
    "RecordEditor",
    "RecordMerge",
    "RecordVersion",
    "RejectedRecord",
    "Source",
]
