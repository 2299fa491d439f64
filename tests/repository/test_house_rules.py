"""What holds for every file of the repository, whoever writes it."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository.files import BASE, texts

LIMIT = 500
DATA = re.compile(r"(^|/)(data|vectors)/|\.csv$|\.po$|^package-lock\.json$|^requirements.*\.txt$|^LICENSE")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bsk_live_[0-9a-zA-Z]{8,}|\bAKIA[0-9A-Z]{16}\b|\bghp_[0-9A-Za-z]{20,}"
)
# Folders of one machine or one person. /opt/open-market, /var/lib/open-market and /tmp are part of the program.
MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|work|mnt)/[\w.-]+|/opt/(?!open-market)[\w-]+")
URL_IN_LOCK = re.compile(r"https?://|--index-url|--find-links")
THIS = "tests/repository/test_house_rules.py"


def lines_with(pattern, *, skip=()):
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        if name not in {THIS, *skip}
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_is_longer_than_a_person_reads():
    long = {name: text.count("\n") for name, text in texts() if not DATA.search(name) and text.count("\n") > LIMIT}
    assert long == {}, f"split by noun: nothing above {LIMIT} lines"


def test_no_secret_is_committed():
    assert lines_with(SECRETS) == []


def test_no_path_of_one_machine_is_committed():
    assert lines_with(MACHINE) == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_requirements_name_hashes_and_no_hosts(name):
    text = (BASE / name).read_text()
    assert not URL_IN_LOCK.search(text)
    pinned = re.findall(r"^[\w.-]+==\S+.*$", text, re.MULTILINE)
    assert pinned
    assert all(line.endswith("\\") for line in pinned), "every requirement carries hashes"


def test_the_front_end_lock_names_no_registry():
    text = (BASE / "package-lock.json").read_text()
    assert '"resolved"' not in text, "run npm with omit-lockfile-registry-resolved"


def pins(name):
    found = re.findall(r"^([\w.-]+)==([^\s;]+)", (BASE / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


def test_requirements_fulfil_pyproject():
    project = tomllib.loads((BASE / "pyproject.toml").read_text())
    wanted = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-dev.txt": [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]],
    }
    for name, lines in wanted.items():
        locked = pins(name)
        for requirement in map(Requirement, lines):
            version = locked.get(canonicalize_name(requirement.name))
            assert version, f"{name} lacks {requirement.name}: export it again"
            assert requirement.specifier.contains(version), f"{name}: {requirement} but {version}"


def test_development_and_production_use_the_same_versions():
    development = pins("requirements-dev.txt")
    assert {name: development.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_migrations_say_what_they_do():
    names = [path.name for path in BASE.glob("*/migrations/0*.py")]
    assert names
    assert [name for name in names if "_auto_" in name] == []


def test_every_page_style_and_script_obeys_the_content_policy():
    inline = re.compile(r"<(script|style)(?![^>]*\bsrc=)[^>]*>|\sstyle=\"|\son[a-z]+=\"|javascript:")
    allowed = re.compile(r'type="application/(json|ld\+json)"|json_script')
    bad = [
        line
        for line in lines_with(inline)
        if line.startswith("templates/") and line.split(":")[0].endswith(".html") and not allowed.search(line)
    ]
    assert bad == []


def test_commands_can_be_run():
    commands = [path for path in (BASE / "bin").iterdir() if path.is_file()] + [BASE / ".ci" / "run"]
    assert [path.name for path in commands if not path.stat().st_mode & 0o111] == []


def test_every_link_between_documents_leads_somewhere():
    links = [
        (name, target)
        for name, text in texts()
        if name.endswith(".md")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    ]
    assert [f"{name} -> {target}" for name, target in links if not (BASE / Path(name).parent / target).exists()] == []
