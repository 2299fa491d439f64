"""Where the pages of the provider's stand-in live: at this market's own address, whichever it has now."""

import pytest

from payments import gateway


@pytest.mark.parametrize("site", ["http://localhost:8000", "http://localhost:8001"])
def test_hosted_pages_are_at_the_market_s_address(settings, site):
    settings.SITE_URL = site
    assert gateway.double().site == site
