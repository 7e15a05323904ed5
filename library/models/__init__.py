"""The tables of the library: records, their history and what is derived from them, collections, copies, lists."""

from library.models.batch_change import BatchChange, BatchedRecord
from library.models.citation import Citation
from library.models.collection import Collection, CollectionMembership
from library.models.collection_page import CollectionPage, LibraryPage
from library.models.consent import CommunityConsent
from library.models.copy import Copy, HoldingLibrary, RegisterSeries
from library.models.heading import AuthorityName, Heading, HeadingKind
from library.models.import_batch import ImportBatch, ImportedRecord
from library.models.match_point import MatchPoint, MatchProgress
from library.models.merge import RecordMerge
from library.models.pending_draft import PendingDraft
from library.models.reading_list import ListEntry, ReadingList
from library.models.record import Record
from library.models.record_column import RecordColumn
from library.models.record_file import RecordFile
from library.models.rejected import RejectedRecord
from library.models.shelf_queue import ShelfQueue
from library.models.source import Source
from library.models.version import RecordEditor, RecordVersion

__all__ = [
    "AuthorityName",
    "BatchChange",
    "BatchedRecord",
    "Citation",
    "Collection",
    "CollectionMembership",
    "CollectionPage",
    "CommunityConsent",
    "Copy",
    "Heading",
    "HeadingKind",
    "HoldingLibrary",
    "ImportBatch",
    "ImportedRecord",
    "LibraryPage",
    "ListEntry",
    "MatchPoint",
    "MatchProgress",
    "PendingDraft",
    "ReadingList",
    "Record",
    "RecordColumn",
    "RecordEditor",
    "RecordFile",
    "RecordMerge",
    "RecordVersion",
    "RegisterSeries",
    "RejectedRecord",
    "ShelfQueue",
    "Source",
]
