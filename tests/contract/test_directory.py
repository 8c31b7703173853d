from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from hikeshi.adapters.dynamodb_directory import DynamoDbDirectory
from hikeshi.adapters.sns_opt_outs import SnsOptOuts
from hikeshi.domain.errors import UnavailableError
from hikeshi.domain.people import Channel
from hikeshi.domain.rotations import Absence, ShiftOverride
from hikeshi.domain.standings import Departure, Entry, OptOut, Standings, Verification
from hikeshi.ports.directory import Directory
from tests.builders import NOON
from tests.fakes.directory import InMemoryDirectory

WEEK = timedelta(days=7)
ABSENCE = Absence(
    id="a-1",
    person_id="sato",
    begins_at=NOON,
    ends_at=NOON + WEEK,
    made_at=NOON,
    made_by="nakano",
    deputy="suzuki",
)
OVERRIDE = ShiftOverride(
    id="o-1",
    rotation_id="desk",
    person_id="nakano",
    begins_at=NOON,
    ends_at=NOON + WEEK,
    made_at=NOON,
    made_by="nakano",
)
DEPARTURE = Departure(person_id="ito", at=NOON, by="nakano")
VERIFICATION = Verification(person_id="sato", channel=Channel.SMS, digest="ab" * 16, at=NOON)
OPT_OUT = OptOut(person_id="sato", channel=Channel.SMS, digest="cd" * 16, at=NOON)
EVERYTHING: tuple[Entry, ...] = (ABSENCE, OVERRIDE, DEPARTURE, VERIFICATION, OPT_OUT)


@pytest.fixture(params=["fake", "moto"])
def directory(request: pytest.FixtureRequest) -> Iterator[Directory]:
    if request.param == "fake":
        yield InMemoryDirectory()
        return
    with mock_aws():
        client = boto3.client("dynamodb", region_name="ap-northeast-1")
        client.create_table(
            TableName="directory",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        )
        yield DynamoDbDirectory(client=client, table="directory")


def test_a_new_directory_keeps_nothing(directory: Directory) -> None:
    assert directory.standings() == Standings()


def test_every_kind_of_entry_comes_back_as_it_was_put(directory: Directory) -> None:
    for entry in EVERYTHING:
        directory.put(entry)
    assert directory.standings() == Standings.of(EVERYTHING)


@pytest.mark.parametrize(
    "changed",
    [
        replace(ABSENCE, cancelled_at=NOON),
        replace(OVERRIDE, cancelled_at=NOON),
        replace(DEPARTURE, returned_at=NOON),
        replace(VERIFICATION, at=NOON + WEEK),
        replace(OPT_OUT, lifted_at=NOON),
    ],
)
def test_an_entry_takes_the_place_of_the_one_before_it(directory: Directory, changed: Entry) -> None:
    for entry in (*EVERYTHING, changed):
        directory.put(entry)
    others = [entry for entry in EVERYTHING if type(entry) is not type(changed)]
    assert directory.standings() == Standings.of([*others, changed])


def test_the_confirmation_of_a_changed_address_stands_beside_the_old_one(directory: Directory) -> None:
    newer = replace(VERIFICATION, digest="ef" * 16)
    directory.put(VERIFICATION)
    directory.put(newer)
    assert set(directory.standings().verifications) == {VERIFICATION, newer}


def test_absences_come_oldest_entry_first(directory: Directory) -> None:
    newest = replace(ABSENCE, id="a-0", made_at=NOON + WEEK)
    directory.put(newest)
    directory.put(ABSENCE)
    assert directory.standings().absences == (ABSENCE, newest)


@pytest.mark.parametrize(
    ("code", "raised"),
    [("ThrottlingException", UnavailableError), ("AccessDeniedException", ClientError)],
)
def test_only_what_passes_by_itself_counts_as_unavailable(code: str, raised: type[Exception]) -> None:
    client = boto3.client("dynamodb", region_name="ap-northeast-1")
    with Stubber(client) as stub:
        stub.add_client_error("query", code)
        with pytest.raises(raised):
            DynamoDbDirectory(client=client, table="directory").standings()


def test_sns_is_asked_for_each_number() -> None:
    with mock_aws():
        opt_outs = SnsOptOuts(client=boto3.client("sns", region_name="ap-northeast-1"))
        # moto takes numbers ending in 99 for opted out.
        assert [opt_outs.is_opted_out(n) for n in ("+819000000001", "+819000000099")] == [False, True]
