"""How many pages of 100 statements a second are read over HTTP, and how that changes as the store grows.

python benchmarks/xapi_read.py [--stored 100000] [--grown 1000000] [--peer URL --peer-auth USER:PASSWORD]

Stores statements in a server of its own (see xapi_store.py), reads pages of 100 without a filter and by agent, verb,
activity and both of the last, with one client and with 8, and walks the `more` links of one verb from the first page to
the last. The peer gets the same statements and the same questions, taking turns. With --grown the store then grows and
the same pages are read again: the ratio of the medians says whether a page costs more in a larger table.
"""

import http.client
import json
import multiprocessing
import statistics
import tempfile
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from xapi_store import CLIENTS, LRS, SITE, arguments, as_json, in_batches, server, show, statements

READS = 200  # of each page
TURN = 20
LOAD = 1_000  # statements in a request while loading
VERB = "http://adlnet.gov/expapi/verbs/passed"
ACTIVITY = f"{SITE}/courses/so/lessons/1/questions/1"
PAGES = {
    "all": {},
    "agent": {"agent": json.dumps({"account": {"homePage": SITE, "name": "5"}})},
    "verb": {"verb": VERB},
    "activity": {"activity": ACTIVITY},
    "activity, verb": {"activity": ACTIVITY, "verb": VERB},
}


def load(lrs: LRS, first: int, last: int) -> None:
    """Store the statements of these numbers; the same at every run but for their ids."""
    for start in range(first, last, LOAD):
        in_batches(lrs, [as_json(statements(start, LOAD))])


def get(lrs: LRS, connection: http.client.HTTPConnection, target: str) -> bytes:
    """The body of an answer; whatever is no success ends the run."""
    connection.request("GET", target, headers=lrs.headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{lrs.host}: {answer.status}: {content.decode()[:300]}")
    return content


def on_page(lrs: LRS, parameters: dict[str, str]) -> int:
    """How many statements the first page has."""
    return len(json.loads(get(lrs, lrs.connected(), page(lrs, parameters)))["statements"])


def page(lrs: LRS, parameters: dict[str, str]) -> str:
    """The address of a page of 100."""
    return f"{lrs.path}/statements?{urlencode({**parameters, 'limit': 100})}"


def seconds_each(lrs: LRS, target: str, times: int) -> list[float]:
    """How long each of some reads takes."""
    connection = lrs.connected()
    get(lrs, connection, target)
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        get(lrs, connection, target)
        taken.append(time.perf_counter() - start)
    return taken


def medians(stores: dict[str, LRS]) -> dict[str, dict[str, float]]:
    """Median seconds by page and store, measured in turns."""
    found: dict[str, dict[str, float]] = {}
    for name, parameters in PAGES.items():
        taken: dict[str, list[float]] = {store: [] for store in stores}
        for _ in range(READS // TURN):
            for store, lrs in stores.items():
                taken[store] += seconds_each(lrs, page(lrs, parameters), TURN)
        found[name] = {store: statistics.median(each) for store, each in taken.items()}
    return found


def by_many(lrs: LRS) -> float:
    """Requests a second by CLIENTS processes at once that ask for each page in turn."""
    barrier = multiprocessing.Barrier(CLIENTS + 1)
    results: Queue[int] = multiprocessing.Queue()
    clients = [multiprocessing.Process(target=_client, args=(lrs, barrier, results)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    barrier.wait()
    start = time.perf_counter()
    asked = sum(results.get() for _ in clients)
    taken = time.perf_counter() - start
    for client in clients:
        client.join()
    return asked / taken


def _client(lrs: LRS, barrier: Barrier, results: "Queue[int]") -> None:
    connection = lrs.connected()
    barrier.wait()
    asked = 0
    for _ in range(READS // 10):
        for parameters in PAGES.values():
            get(lrs, connection, page(lrs, parameters))
            asked += 1
    results.put(asked)


def walk(lrs: LRS) -> tuple[int, float, float]:
    """Pages of a walk along `more`, and the median seconds of its first and its last ten pages."""
    connection = lrs.connected()
    target, taken = page(lrs, {"verb": VERB}), []
    while target:
        start = time.perf_counter()
        more = json.loads(get(lrs, connection, target))["more"]
        taken.append(time.perf_counter() - start)
        parts = urlsplit(more or "")
        target = f"{parts.path}?{parts.query}" if more else ""
    return len(taken), statistics.median(taken[:10]), statistics.median(taken[-11:-1])


def report(stores: dict[str, LRS], stored: int) -> dict[str, float]:
    """Print what was measured; returns our medians in seconds."""
    print(f"{stored} stored: pages of 100, median ms by one client and requests a second")
    found = medians(stores)
    for name, by_store in found.items():
        for store, seconds in by_store.items():
            times = seconds / by_store["this store"]
            print(f"  {name:15} {store:12} {seconds * 1000:8.1f} ms {1 / seconds:8.0f}/s  {times:6.2f}")
        print(f"  {'':15} {on_page(stores['this store'], PAGES[name])} statements on the page")
    print(f"all of these by {CLIENTS} clients")
    show({store: by_many(lrs) for store, lrs in stores.items()}, "requests/s")
    pages, first, last = walk(stores["this store"])
    print(f"walk of {pages} pages: first {first * 1000:.1f} ms, last {last * 1000:.1f} ms, ratio {last / first:.2f}")
    return {name: by_store["this store"] for name, by_store in found.items()}


def main() -> None:
    """Print the figures and the ratios."""
    asked = arguments(stored=100_000, grown=0)
    with tempfile.TemporaryDirectory() as name, server(Path(name) / "data") as (ours, _):
        stores = {"this store": ours} | ({"peer": LRS.at(asked.peer, asked.peer_auth)} if asked.peer else {})
        for lrs in stores.values():
            load(lrs, 0, asked.stored)
        small = report(stores, asked.stored)
        if asked.grown:
            load(ours, asked.stored, asked.grown)
            large = report({"this store": ours}, asked.grown)
            for page_name, seconds in large.items():
                print(f"  {page_name:15} {asked.grown} to {asked.stored}: {seconds / small[page_name]:.2f}")


if __name__ == "__main__":
    main()
