"""Steps of supervision as forms: the one that carries an act's name is filled in and sent."""

from collections.abc import Mapping

from portal.journey.browser import Browser, Files, Form, Page, Wrong
from portal.journey.walk import Walk

STAFF = ("sol", "sue", "sam", "olga", "dan")


def sign_in(walk: Walk, *who: str) -> None:
    """The demo's people, by one click each."""
    for name in who or STAFF:
        walk.browser(name).get("/account/login/")
        walk.browser(name).post("/demo/sign-in/", {"email": f"{name}@demo.example"})


def form_of(page: Page, name: str) -> Form:
    """The form of an act or step, by its hidden name."""
    for form in page.forms:
        if ("act", name) in form.fields or ("do", name) in form.fields:
            return form
    raise Wrong(f"{page.path} does not offer {name}")


def offers(page: Page, name: str) -> bool:
    return any(("act", name) in form.fields or ("do", name) in form.fields for form in page.forms)


def act(
    browser: Browser,
    path: str,
    name: str,
    values: Mapping[str, str] | None = None,
    *,
    files: Files | None = None,
    status: int = 200,
) -> Page:
    """Send an act from a page; the fields of its form begin with its name."""
    page = browser.get(path)
    given = {f"{name}-{field}": value for field, value in (values or {}).items()}
    return browser.submit(page, form_of(page, name), given, files=files, status=status)


def hidden_from(browser: Browser, path: str, name: str) -> None:
    """The page does not offer an act to this person."""
    if offers(browser.get(path), name):
        raise Wrong(f"{path} offers {name} to somebody who must not")
