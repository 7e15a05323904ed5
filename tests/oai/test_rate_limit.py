"""The limit per address is far above what one harvester needs; whoever passes it is told when to come again."""

from oai import views
from tests.oai.conftest import Answer


def test_over_the_limit(client, db, monkeypatch):
    monkeypatch.setattr(views, "LIMIT", 2)
    for _ in range(2):
        assert Answer(client.get("/oai?verb=ListMetadataFormats", REMOTE_ADDR="192.0.2.7").content).code is None
    response = client.get("/oai?verb=ListMetadataFormats", REMOTE_ADDR="192.0.2.7")
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert client.get("/oai?verb=ListMetadataFormats", REMOTE_ADDR="192.0.2.8").status_code == 200
