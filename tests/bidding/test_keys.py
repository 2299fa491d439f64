"""The platform's key."""

from concurrent.futures import ThreadPoolExecutor

from bidding import keys


def test_those_who_start_together_share_one_key(tmp_path, settings):
    settings.SIGNING_KEY, settings.SIGNING_KEY_FILE = "", tmp_path / "data" / "signing.key"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keys.signing_key.__wrapped__(), range(8)))
    assert len({keys.public_bytes(key.public_key()) for key in made}) == 1
    assert [path.name for path in settings.SIGNING_KEY_FILE.parent.iterdir()] == ["signing.key"]
    assert settings.SIGNING_KEY_FILE.stat().st_mode & 0o777 == 0o600
