"""Past every service: versions of rules and issued papers are not rewritten."""

import pytest
from django.db import DatabaseError, connection, transaction

from core import papers, rulesets
from core.models import Paper

pytestmark = pytest.mark.django_db


def refused(sql, match):
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("change", ["parameters = '{}'", "effective_from = now()", "draft = false"])
def test_no_version_of_rules_is_edited(change):
    refused(f"UPDATE core_ruleset SET {change} WHERE name = 'credit'", "append-only")
    refused("DELETE FROM core_ruleset WHERE name = 'credit'", "append-only")
    assert rulesets.current("credit").version == 1


@pytest.mark.parametrize(
    "change", ['data = \'{"amount": "1"}\'', "title = '别的'", "public = false", "page = '/'", "issued_at = now()"]
)
def test_a_paper_stays_as_it_was_issued_and_gets_its_pdf_once(change):
    paper = papers.issue(prefix="ZX", kind="award", title="中选通知书", page="/awards/1/", data={})
    refused(f"UPDATE core_paper SET {change} WHERE id = {paper.pk}", "as it was issued")
    refused(f"DELETE FROM core_paper WHERE id = {paper.pk}", "as it was issued")


def test_a_paper_gets_its_pdf_once(monkeypatch):
    monkeypatch.setattr("core.papers.render", lambda _paper: b"%PDF-1.7 test")
    paper = papers.issue(prefix="ZX", kind="award", title="中选通知书", page="/awards/1/", data={})
    kept = papers.pdf(paper)
    assert papers.pdf(Paper.objects.get(pk=paper.pk)) == kept
    refused(f"UPDATE core_paper SET pdf_id = NULL WHERE id = {paper.pk}", "as it was issued")


def test_who_asks_for_a_paper_at_the_same_moment_gets_the_same_pdf(monkeypatch):
    paper = papers.issue(prefix="ZX", kind="award", title="中选通知书", page="/awards/1/", data={})
    another = Paper.objects.get(pk=paper.pk)
    monkeypatch.setattr("core.papers.render", lambda _paper: b"%PDF-1.7 test")
    assert papers.pdf(another) == papers.pdf(paper)
