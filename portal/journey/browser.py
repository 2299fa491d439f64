"""A browser for one person: cookies, pages, and forms as they stand in the page's HTML, hidden fields included."""

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

Values = Mapping[str, str | Sequence[str]]
Files = Mapping[str, tuple[str, bytes, str]]
PATIENCE = 60.0
CALLS = 4  # at a door that does not open


class Wrong(Exception):  # noqa: N818 - what was seen is not what should be
    """What was expected and what was seen instead."""


@dataclass
class Form:
    """A form with what it would send untouched; `options`: every value a choice offers, by name."""

    action: str
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)

    def names(self) -> set[str]:
        return {name for name, _ in self.fields} | self.options.keys()


class _Reader(HTMLParser):
    """Collects forms and the page's readable text."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._picked = self._skip = False
        self._typed = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._skip = tag in ("script", "style")
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(tag, given, {name for name, _ in attrs})

    def _control(self, tag: str, given: dict[str, str], present: set[str]) -> None:
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given, present)
        elif tag == "textarea" and name and "disabled" not in present:
            self._area, self._typed = name, ""
        elif tag == "select":
            self._select, self._picked = name, False
        elif tag == "option" and self._select and self._form:
            self._option(given, chosen="selected" in present)

    def _input(self, name: str, given: dict[str, str], present: set[str]) -> None:
        kind = given.get("type", "text")
        if self._form is None or "disabled" in present or kind in ("submit", "file", "button"):
            return
        value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
        if kind in ("checkbox", "radio"):
            self._form.options.setdefault(name, []).append(value)
            if "checked" not in present:
                return
        self._form.fields.append((name, value))

    def _option(self, given: dict[str, str], *, chosen: bool) -> None:
        name, value = self._select or "", given.get("value", "")
        if self._form is None:
            return
        first = name not in self._form.options
        self._form.options.setdefault(name, []).append(value)
        if chosen and not first:
            self._form.fields = [pair for pair in self._form.fields if pair[0] != name]
        if chosen or first:
            self._form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        self._skip = False
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area and self._form:
            self._form.fields.append((self._area, self._typed.removeprefix("\n")))
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._typed += data
        elif not self._skip and data.strip():
            self.words.append(data.strip())


@dataclass
class Page:
    """What came back: where it ended, status, HTML, forms, and the text people read."""

    url: str
    status: int
    html: str
    forms: list[Form]
    words: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def form(self, *, action: str = "", having: str = "") -> Form:
        """The first form whose address matches a pattern and that has a field."""
        for one in self.forms:
            target = one.action or self.path
            if re.search(action, target) and (not having or having in one.names()):
                return one
        raise Wrong(f"{self.path} has no form to {action or 'itself'} with {having or 'anything'}")

    def find(self, pattern: str) -> str:
        """The first group of a pattern in the HTML."""
        found = re.search(pattern, self.html)
        if found is None:
            raise Wrong(f"{self.path} does not show {pattern}")
        return found.group(1)

    def must_say(self, *texts: str) -> "Page":
        for text in texts:
            if text not in self.words and text not in self.html:
                raise Wrong(f"{self.path} does not say “{text}”")
        return self

    def must_not_say(self, *texts: str) -> "Page":
        for text in texts:
            if text in self.html:
                raise Wrong(f"{self.path} says “{text}” and must not")
        return self


class Browser:
    """One person's browser."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._client = httpx.Client(
            base_url=self.url,
            follow_redirects=True,
            timeout=httpx.Timeout(PATIENCE, connect=PATIENCE / CALLS),
            transport=httpx.HTTPTransport(retries=CALLS),  # of a connection that is not made; nothing is sent twice
            trust_env=False,
            headers={"Accept-Language": "zh-Hans", "Accept": "text/html"},
        )

    def get(self, path: str, *, status: int = 200) -> Page:
        return self._page(self._client.get(path), status)

    def look(self, path: str) -> Page:
        """A page whatever its status: for what is still about to happen."""
        return self._page(self._client.get(path), None)

    def raw(self, path: str, *, status: int = 200) -> httpx.Response:
        """A file or a document that is not a page."""
        answer = self._client.get(path, headers={"Accept": "*/*"})
        if answer.status_code != status:
            raise Wrong(f"{path} answered {answer.status_code}, not {status}")
        return answer

    def post(self, path: str, values: Values, *, status: int | None = 200, accept: str = "text/html") -> Page:
        """Send something no form offers, with the CSRF token a browser would hold."""
        data = {**values, "csrfmiddlewaretoken": self._token()}
        return self._page(self._client.post(path, data=data, headers=self._heads(accept)), status)

    def submit(
        self, page: Page, form: Form, values: Values | None = None, *, files: Files | None = None, status: int = 200
    ) -> Page:
        """Fill a form in and send it; names in `values` replace what the form held."""
        wanted: dict[str, Any] = {}
        for name, value in form.fields:
            wanted.setdefault(name, []).append(value)
        wanted.update(values or {})
        target = urljoin(page.url, form.action or page.url)
        if form.method != "post":
            return self._page(self._client.get(target, params=wanted), status)
        answer = self._client.post(target, data=wanted, files=dict(files or {}) or None, headers=self._heads())
        return self._page(answer, status)

    def socket(self, path: str) -> AbstractContextManager[ClientConnection]:
        """A socket with this person's cookies, open as long as its block runs."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._client.cookies.items())
        address = "ws" + self.url.removeprefix("http") + path
        heads = {"Cookie": cookies} if cookies else {}
        return connect(address, origin=Origin(self.url), additional_headers=heads, proxy=None, open_timeout=PATIENCE)

    def close(self) -> None:
        self._client.close()

    def _token(self) -> str:
        return self._client.cookies.get("csrftoken") or ""

    def _heads(self, accept: str = "text/html") -> dict[str, str]:
        return {"Origin": self.url, "Accept": accept}

    def _page(self, answer: httpx.Response, status: int | None) -> Page:
        reader = _Reader()
        if "html" in answer.headers.get("content-type", ""):
            reader.feed(answer.text)
        page = Page(str(answer.url), answer.status_code, answer.text, reader.forms, " ".join(reader.words))
        if status is not None and answer.status_code != status:
            raise Wrong(f"{page.path} answered {answer.status_code}, not {status}: {page.words[-400:]}")
        return page
