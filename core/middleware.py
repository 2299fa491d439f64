"""The edge: a refusal raised anywhere in a request becomes a page (or JSON) with its code, words and way out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.errors import Refusal


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if not isinstance(fault, Refusal):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"code": fault.code, "texts": fault.both()}, status=fault.kind.status)
        return render(request, "errors/refusal.html", {"refusal": fault}, status=fault.kind.status)
