"""Errors as HTTP answers: problem details, in the language that is asked for."""

from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    InternalServerException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from bastide.core.errors import Invalid, NotFound, Problem, TooLarge

log = structlog.get_logger()
AnyRequest = Request[Any, Any, Any]


class Defect(Problem):
    """Our own mistake."""

    status = 500
    code = "internal"
    fr = "Une erreur est survenue de notre côté. Réessayez dans un instant."
    en = "Something went wrong on our side. Try again in a moment."


class WrongMethod(Problem):
    status = 405
    code = "wrong-method"
    fr = "Cette adresse ne se demande pas ainsi."
    en = "This address is not asked for in this way."


def language(accept: str) -> str:
    """French, unless English is asked for before it."""
    for part in accept.lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith(("fr", "en")):
            return tag[:2]
    return "fr"


def answer(request: AnyRequest, problem: Problem) -> Response[bytes]:
    """A problem as a response."""
    details = problem.details(language(request.headers.get("accept-language", "")))
    headers = {"cache-control": "no-store"}
    if details.retry_after_s is not None:
        headers["retry-after"] = str(max(1, round(details.retry_after_s)))
    return Response(
        msgspec.json.encode(details),
        status_code=details.status,
        media_type="application/problem+json",
        headers=headers,
    )


def on_problem(request: AnyRequest, error: Problem) -> Response[bytes]:
    """What a use case refused."""
    return answer(request, error)


def on_http_error(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """What Litestar itself refuses."""
    problem = _problem_of(error)
    return answer(request, problem) if problem is not None else on_defect(request, error)


def _problem_of(error: HTTPException) -> Problem | None:
    problem: Problem | None = None
    match error:
        case ValidationException(extra=[{"key": str(field)}, *_]):
            problem = Invalid(field=field)
        case NotFoundException():
            problem = NotFound()
        case MethodNotAllowedException():
            problem = WrongMethod()
        case ClientException() if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            problem = TooLarge()
        case ClientException():
            problem = Invalid()
        case InternalServerException() if "`$.data" in str(error.__cause__):
            # Litestar takes a wrong field for its own mistake when a dependency has the field's name.
            problem = Invalid()
        case _:
            pass
    return problem


def on_defect(request: AnyRequest, error: Exception) -> Response[bytes]:
    """A defect: logged with where it happened, told without."""
    route = request.scope["path_template"]
    log.error("http.defect", route=route, method=request.method, exc_info=error)
    return answer(request, Defect())


def on_depth(request: AnyRequest, error: RecursionError) -> Response[bytes]:  # noqa: ARG001 - it says nothing more
    """A body nested deeper than the reader goes."""
    return answer(request, Invalid())


HANDLERS = {
    Problem: on_problem,
    HTTPException: on_http_error,
    RecursionError: on_depth,
    Exception: on_defect,
}
