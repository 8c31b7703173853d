"""The pages behind the links: GET shows, POST acts, and nothing else does anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from chalice.app import Chalice, Request, Response

from hikeshi.domain import links
from hikeshi.domain.actions import Action
from hikeshi.runtime import bootstrap
from hikeshi.runtime.answers import Answer, Submission, download_headers
from hikeshi.runtime.expert_desk import ExpertAction
from hikeshi.runtime.observability import adopt
from hikeshi.runtime.people_desk import PeopleAction
from hikeshi.services.room.action_pages import SPOTS, SubPage

NOT_FOUND = 404

app = Chalice(app_name="responder_api", configure_logs=False)
app.api.binary_types = []  # a File encodes itself
adopt(app.log, "responder_api")

BELOW = "/r/{token}/{matter}"
"""What API Gateway knows of the routes below a link; the function's policy could not name them all."""

ANY_TYPE = ["*/*"]
"""The form reader judges the type itself, so that a wrong one gets a page and not JSON."""


class File(Response):
    """Bytes, whatever the browser says it accepts: Chalice would refuse where nothing is said."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        """Encode the body as API Gateway wants it."""
        return super().to_dict([str(self.headers["Content-Type"])])


@app.middleware("http")
def dress(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Put every answer into the same dress, Chalice's own errors too."""
    response = get_response(event)
    if isinstance(response.body, dict):  # only Chalice itself answers with one, and only to refuse
        response = answer(bootstrap.error_page(response.status_code))
    response.headers = {**bootstrap.page_renderer().headers, **response.headers}
    return response


def answer(given: Answer) -> Response:
    """Turn an answer into Chalice's; HEAD gets all of it but the body."""
    if given.download is not None:
        return File(body=given.download.content, headers={**download_headers(given.download)})
    body = "" if request().method == "HEAD" else given.body
    return Response(
        body=body,
        status_code=given.status,
        headers={"Location": given.location} if given.location else {},
    )


def request() -> Request:
    """Return the request that is being answered."""
    if app.current_request is None:
        raise RuntimeError("no request is being answered")
    return app.current_request


def submission() -> Submission:
    """Return the form that was sent."""
    headers = {name.lower(): value for name, value in request().headers.items()}
    try:
        body = request().raw_body
    except ValueError:  # announced as base64 and is not, or holds half a character
        body = None
    return Submission(body=body if isinstance(body, bytes) else None, headers=headers)


def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    """Answer a request from API Gateway."""
    return app(below_the_link(as_sent(event)), context)


def as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """Take off what was pasted on to the end of a link."""
    given = event.get("pathParameters") or {}
    if "token" not in given:
        return event
    token = links.as_sent(unquote(given["token"]))
    return event | {"pathParameters": given | {"token": token}}


def below_the_link(event: dict[str, Any]) -> dict[str, Any]:
    """Give a request the route of its own that API Gateway does not know; an unknown one keeps its gap."""
    given = event.get("pathParameters") or {}
    path = BELOW.replace("{matter}", given.get("matter", ""))
    if event["requestContext"]["resourcePath"] != BELOW or path == BELOW or path not in app.routes:
        return event
    token = {"token": given["token"]}
    return event | {
        "requestContext": event["requestContext"] | {"resourcePath": path},
        "pathParameters": token,
    }


def as_offered(path: str) -> str:
    """Return a route as API Gateway has it."""
    return re.sub(r"^(/r/\{token\}/).+$", BELOW, path)


@app.route(BELOW, methods=["GET", "POST"], content_types=ANY_TYPE)
def show_nothing(token: str, matter: str) -> Response:
    """Say that there is nothing below the link by this name."""
    del token, matter
    return answer(bootstrap.error_page(NOT_FOUND))


@app.route("/health", methods=["GET"])
def health() -> Response:
    """Say that the function runs."""
    return Response(body='{"status":"ok"}', headers={"Content-Type": "application/json"})


@app.route("/r/{token}", methods=["GET", "HEAD"])
def show_room(token: str) -> Response:
    """Show the room."""
    query = request().query_params
    return answer(bootstrap.responder_desk().show(token, done=query.get("done", "") if query else ""))


@app.route("/r/{token}/report", methods=["GET"])
def show_report(token: str) -> Response:
    """Show the completion report."""
    return answer(bootstrap.responder_desk().report(token))


@app.route("/r/{token}/file", methods=["GET"])
def hand_out_file(token: str) -> Response:
    """Hand out a copy of a file."""
    query: Any = request().query_params or {}
    return answer(bootstrap.responder_desk().file(token, query.get("id", "")))


def show(page: SubPage) -> None:
    """Open the route of a page one level below the room."""

    @app.route(f"/r/{{token}}/{page.value}", methods=["GET"], name=f"show_{page.value}")
    def take(token: str) -> Response:
        query: Any = request().query_params or {}
        return answer(
            bootstrap.responder_desk().sub_page(
                token, page, number=query.get("page", ""), done=query.get("done", "")
            )
        )


def accept(action: Action) -> None:
    """Open the route of an action."""

    @app.route(
        f"/r/{{token}}/{SPOTS[action].path}", methods=["POST"], content_types=ANY_TYPE, name=action.value
    )
    def take(token: str) -> Response:
        return answer(bootstrap.responder_desk().act(token, action, submission()))


def accept_of_people(action: PeopleAction) -> None:
    """Open the route of an action on the pages about people."""

    @app.route(f"/r/{{token}}/{action.value}", methods=["POST"], content_types=ANY_TYPE, name=action.name)
    def take(token: str) -> Response:
        return answer(bootstrap.people_desk().act(token, action, submission()))


@app.route(f"/r/{{token}}/{ExpertAction.GIVE_OPINION.value}", methods=["POST"], content_types=ANY_TYPE)
def give_opinion(token: str) -> Response:
    """Take the answer of an expert."""
    return answer(bootstrap.expert_desk().act(token, submission()))


for sub_page in SubPage:
    show(sub_page)
for each in Action:
    accept(each)
for page_action in PeopleAction:
    accept_of_people(page_action)
