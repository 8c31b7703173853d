"""Every permission is needed: each statement of each policy is held against what the tests made happen.

That each is sufficient shows by itself: the emulator enforces the policies of the template, so whatever
lacks a permission fails above.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.e2e.conftest import ORDER
from tests.e2e.recording import Call, Recording
from tests.e2e.scene import Scene
from tests.e2e.traces import calls_by_services

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

NOT_EMULATED = {
    # The emulator's scheduler has no dead letter queue; on AWS it writes there when it cannot call.
    ("FetchPostsFunctionEveryMinuteRole", "sqs:SendMessage"),
    ("DispatchMessagesFunctionEveryMinuteRole", "sqs:SendMessage"),
    ("DriveWorkflowFunctionEveryMinuteRole", "sqs:SendMessage"),
    ("PostChatsFunctionEveryMinuteRole", "sqs:SendMessage"),
    ("AuditIncidentsFunctionEveryMinuteRole", "sqs:SendMessage"),
    ("SendDigestFunctionEveryMorningRole", "sqs:SendMessage"),
    ("CheckContactsFunctionEveryDayRole", "sqs:SendMessage"),
}

Permission = tuple[str, str, str, str]
"""Role, statement, action, resource."""


@pytest.fixture
def unused(scene: Scene, failed_runs: set[str], request: pytest.FixtureRequest) -> set[Permission]:
    """Every permission that no recorded call made use of."""
    ran = {item.path.stem for item in request.session.items}
    needed = set(ORDER[: ORDER.index("test_permissions")]) - {"test_browser"}
    if missing := needed - ran:
        pytest.fail(f"run all of tests/e2e: without {', '.join(sorted(missing))} not every call is made")
    recording = Recording(scene)
    calls = {*recording.calls(), *calls_by_services(scene, recording, failed_runs)}
    return {
        (role, sid, action, resource)
        for role, statement in statements(scene)
        for sid, action, resource in permissions(statement)
        if not any(uses(call, role, action, resource, negated="NotResource" in statement) for call in calls)
    }


def test_every_statement_of_every_policy_is_exercised(scene: Scene, unused: set[Permission]) -> None:
    emulated = {
        (short(scene, role), sid, action, resource)
        for role, sid, action, resource in unused
        if not any(short(scene, role).startswith(name[:30]) and action == what for name, what in NOT_EMULATED)
    }
    assert emulated == set()


def statements(scene: Scene) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every role of the deployed, transformed template."""
    iam = scene.client("iam")
    for page in iam.get_paginator("list_roles").paginate():
        for found in page["Roles"]:
            role = found["RoleName"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
                policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
                document = json.loads(policy) if isinstance(policy, str) else policy
                for statement in document["Statement"]:
                    yield role, {"Sid": name, **statement}


def permissions(statement: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each action of a statement on each of its resources."""
    for action in listed(statement["Action"]):
        for resource in listed(statement.get("Resource", statement.get("NotResource"))):
            yield statement["Sid"], action, resource


def uses(call: Call, role: str, action: str, resource: str, *, negated: bool) -> bool:
    """Tell whether a call made use of a permission; ``*`` in a call is a call on no resource."""
    fits = call.resource == "*" if resource == "*" else fnmatchcase(call.resource, resource)
    return call.role == role and fnmatchcase(call.action, action) and fits is not negated


def listed(value: Any) -> Iterable[str]:
    return [value] if isinstance(value, str) else value


def short(scene: Scene, role: str) -> str:
    """A role's name as the template has it."""
    return role.removeprefix(f"{scene.state.stack_name}-").rsplit("-", 1)[0]
