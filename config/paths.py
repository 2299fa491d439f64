"""Where the program keeps its data. One folder, named by MARKET_DATA; the default is var/ in the clone.

As root the database cluster lives under /var/lib: its server runs as a user of its own, which would otherwise
need every folder above a private data folder opened.
"""

import hashlib
import os
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("MARKET_DATA", BASE / "var")).resolve()


def cluster(data: Path = DATA) -> Path:
    """Folder of the embedded database cluster that belongs to a data folder."""
    if os.geteuid() != 0:
        return data / "postgres"
    tag = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path("/var/lib/open-market") / tag
