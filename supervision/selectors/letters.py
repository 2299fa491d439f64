"""Reading the papers of a matter: the public ones, those to one organisation, or all for supervisors."""

from django.db.models import QuerySet

from supervision.models import Letter


def of_matter(matter: str) -> QuerySet[Letter]:
    """Every paper of a matter such as "case:5", oldest first: for supervisors."""
    return Letter.objects.filter(matter=matter).select_related("paper").order_by("paper__issued_at", "pk")


def public_of(matter: str) -> QuerySet[Letter]:
    return of_matter(matter).filter(paper__public=True)


def to(organisation_id: int) -> QuerySet[Letter]:
    """What an organisation was sent, newest first."""
    rows = Letter.objects.filter(addressee_id=organisation_id).select_related("paper")
    return rows.order_by("-paper__issued_at", "-pk")


def letter(number: str) -> Letter:
    """Raises Letter.DoesNotExist."""
    return Letter.objects.select_related("paper__pdf").get(paper__number=number)
