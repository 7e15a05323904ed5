"""Partners: making one known, after asking it what it can."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils.text import slugify

from core import fetch
from library.models import Source
from oai.exceptions import PartnerError
from oai.formats import MARC21
from oai.models import HarvestSource
from oai.partner import OAI, Partner


def add(*, name: str, url: str, prefix: str = "", set_spec: str = "") -> tuple[HarvestSource, bool]:
    """Ask the partner and keep it under its name; returns it and whether it is new.

    A name that is known gets the new address; another set or format means that everything is harvested anew.
    """
    key = slugify(name.replace("đ", "d").replace("Đ", "D"))[:80]
    if not key:
        raise PartnerError(f"{name!r}: a name needs a letter or a digit")
    _check_address(url)
    private = fetch.is_private(url)
    if private:
        fetch.allow_address(url)
    partner = Partner(url, attempts=2)
    granularity = _granularity(partner)
    prefix = _marc_prefix(partner, prefix)
    if set_spec:
        _check_set(partner, set_spec)
    with transaction.atomic():
        source, _ = Source.objects.get_or_create(key=key, defaults={"name": name})
        harvest = HarvestSource.objects.select_for_update().filter(source=source).first()
        new = harvest is None
        harvest = harvest or HarvestSource(source=source)
        if (harvest.prefix, harvest.set_spec) != (prefix, set_spec):
            harvest.until = harvest.newest = None
        if (harvest.url, harvest.prefix, harvest.set_spec) != (url, prefix, set_spec):
            harvest.token, harvest.list_date, harvest.list_newest = "", None, None
        harvest.url, harvest.prefix, harvest.set_spec, harvest.granularity = url, prefix, set_spec, granularity
        harvest.private = private
        harvest.save()
    return harvest, new


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and " " not in url
        good = good and parts.port != 0  # asking for a port that is none raises ValueError
    except ValueError:
        good = False
    if not good:
        raise PartnerError(f"{url}: this is no address of a provider, such as https://thuvien.example.vn/oai")


def _granularity(partner: Partner) -> str:
    answer = partner.harvest(verb="Identify")
    identify = answer.xml.find(f"{OAI}Identify")
    if identify is None:
        raise PartnerError(f"{partner.endpoint}: no answer to Identify. Is this the OAI-PMH base URL?")
    version = (identify.findtext(f"{OAI}protocolVersion") or "").strip()
    if version != "2.0":
        raise PartnerError(f"{partner.endpoint}: speaks OAI-PMH {version or 'of no version'}; we harvest 2.0")
    text = (identify.findtext(f"{OAI}granularity") or "").strip()
    return text if text in HarvestSource.Granularity.values else HarvestSource.Granularity.DAY


def _marc_prefix(partner: Partner, wanted: str) -> str:
    """The prefix asked for, or marc21, or any other whose namespace is that of MARCXML."""
    found = {}
    for each in partner.harvest(verb="ListMetadataFormats").xml.iter(f"{OAI}metadataFormat"):
        texts = [(each.findtext(f"{OAI}{name}") or "").strip() for name in ("metadataPrefix", "metadataNamespace")]
        found[texts[0]] = texts[1].rstrip("/")
    marc = [prefix for prefix, namespace in found.items() if namespace == MARC21.namespace]
    offered = ", ".join(sorted(found)) or "nothing"
    if wanted and wanted not in found:
        raise PartnerError(f"{partner.endpoint}: has no format {wanted}; it offers {offered}")
    if (wanted and wanted not in marc) or not marc:
        raise PartnerError(f"{partner.endpoint}: only MARCXML ({MARC21.namespace}) is harvested; it offers {offered}")
    return wanted or (MARC21.prefix if MARC21.prefix in marc else marc[0])


def _check_set(partner: Partner, spec: str) -> None:
    specs = {(each.text or "").strip() for answer in partner.ListSets() for each in answer.xml.iter(f"{OAI}setSpec")}
    if spec not in specs:
        some = ", ".join(sorted(specs)[:20])
        raise PartnerError(f"{partner.endpoint}: has no set {spec}; it has {some}{' …' if len(specs) > 20 else ''}")
