"""Sites for the journeys. The first start, which takes a minute, is paid once: each site is a copy of a prepared one.

Who works on these tests keeps the prepared ones between runs by JOURNEYS_PREPARED=FOLDER (SQLite only).
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.sites import CopiedSite, Prepared


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """A site with the starter content, stopped."""
    yield from _prepare("starter", tmp_path_factory)


@pytest.fixture(scope="session")
def prepared_empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Another installation, without starter content, stopped."""
    yield from _prepare("empty", tmp_path_factory, "--no-starter")


@pytest.fixture
def copy_of(tmp_path: Path) -> Iterator[Callable[[Prepared], CopiedSite]]:
    """Makes sites: copy_of(prepared) serves on a port of its own and is thrown away after the test."""
    sites: list[CopiedSite] = []

    def make(prepared: Prepared, *, serve: bool = True) -> CopiedSite:
        sites.append(CopiedSite(prepared, tmp_path / f"site-{len(sites)}"))
        return sites[-1].start() if serve else sites[-1]

    yield make
    for site in sites:
        site.throw_away()


@pytest.fixture(scope="module")
def running(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CopiedSite]:
    """One running site for the tests of a module that leave it as it is."""
    site = CopiedSite(prepared, tmp_path_factory.mktemp("running") / "data")
    try:
        yield site.start()
    finally:
        site.throw_away()


def _prepare(name: str, tmp_path_factory: pytest.TempPathFactory, *options: str) -> Iterator[Prepared]:
    variables = {"ID_BASE": f"https://{name}.nhasan.example.vn"}
    if kept := os.environ.get("JOURNEYS_PREPARED"):
        site = Prepared(Path(kept) / name, options, SEARCH_INDEX_PREFIX=name, **variables)
        yield site if site.data_dir.exists() else site.prepare()
        return
    site = Prepared(tmp_path_factory.mktemp(name) / "data", options, **variables)
    try:
        yield site.prepare()
    finally:
        site.throw_away()
