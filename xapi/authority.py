"""Who asserts a statement: this site itself, or the credential that sent it (Data 2.4.9)."""

from typing import Any

from core.identity import id_base
from xapi.models import Credential


def of(credential: Credential | None) -> dict[str, Any]:
    """The authority as an agent. The name is the credential's key, which never changes."""
    if credential is None:
        return {"objectType": "Agent", "name": "Nhà Sàn", "account": {"homePage": id_base(), "name": "lrs"}}
    account = {"homePage": f"{id_base()}/xapi", "name": credential.key}
    return {"objectType": "Agent", "name": credential.name, "account": account}


def identifier(credential: Credential | None) -> str:
    """The same as one string, as in xapi.rules.actors.Actor.identifier."""
    account = of(credential)["account"]
    return f"account {account['homePage']} {account['name']}"
