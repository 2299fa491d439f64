"""Agencies: the directory, their profiles, their papers."""

from agencies.commitment import VERSION
from tests.site.answers import (
    AGENCIES,
    DONE,
    MISSING,
    MOVED,
    NEWCOMER,
    NO_GET,
    OK,
    SUPERVISORS,
    UNFIT,
    Row,
    everybody,
    only,
    those,
)

CERTIFICATE = {"kind": "资质", "grade": "", "number": "1", "issuer": "局", "valid_from": "2025-01-01",
               "valid_until": "2030-01-01"}  # fmt: skip
ROWS = [
    Row("agencies:join", "", everybody(), everybody(DONE), NEWCOMER),
    Row("agencies:directory", "", everybody(), everybody(), names=True),
    Row("agencies:commitment", f"version={VERSION}", everybody(), everybody()),
    Row("agencies:profile", "pk=bidder", everybody(), everybody(), names=True),
    Row("agencies:scan_image", "pk=supplier qualification_id=qualification", everybody(), everybody()),
    Row("agencies:scan_thumbnail", "pk=supplier qualification_id=qualification", everybody(), everybody()),
    Row("agencies:scan_original", "pk=supplier qualification_id=qualification",
        everybody(MISSING, **those(("supplier", *SUPERVISORS), OK)),
        everybody(MISSING, **those(("supplier", *SUPERVISORS), OK))),
    Row("agencies:scan_original", "pk=agency qualification_id=qualification", everybody(MISSING), everybody(MISSING)),
    Row("agencies:edit_profile", "", only(*AGENCIES), only(*AGENCIES, answer=DONE), {"introduction": "做调查。"}),
    Row("agencies:edit_qualifications", "", only(*AGENCIES), only(*AGENCIES, answer=UNFIT)),
    Row("agencies:withdraw_qualification", "pk=qualification", NO_GET, only(*AGENCIES, answer=MOVED, supplier=DONE)),
    Row("agencies:waiting_scan", "scan_id=scan", only(*AGENCIES, answer=MISSING, supplier=OK),
        only(*AGENCIES, answer=MISSING, supplier=OK)),
    Row("agencies:complete_scan", "scan_id=scan", NO_GET, only(*AGENCIES, answer=MISSING, supplier=DONE),
        {f"scan=scan-{name}": value for name, value in CERTIFICATE.items()}),
    Row("agencies:discard_scan", "scan_id=scan", NO_GET, only(*AGENCIES, answer=MOVED, supplier=DONE)),
    Row("agencies:edit_practitioners", "", only(*AGENCIES), only(*AGENCIES, answer=DONE),
        {"name": "王一", "certificate": "证", "certificate_number": "2"}),
    Row("agencies:withdraw_practitioner", "pk=practitioner", NO_GET, only(*AGENCIES, answer=MOVED, supplier=DONE)),
]  # fmt: skip
