"""Any record written comes back equal, from every kind of casebook."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sciatriage.casebook.book import Casebook
from sciatriage.casebook.records import HIGHEST_NUMBER, TurnRecord
from sciatriage.triage.vocabulary import Disposition, Mention, Status

any_text = st.text(st.characters(exclude_categories=()), max_size=40)  # NUL, half characters, emoji, anything typed
short = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=64)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)
times = st.datetimes(
    datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.timezones() | st.just(timezone.utc), allow_imaginary=False
)
lists = st.lists(plain, max_size=3)
mentions = st.lists(st.builds(Mention, finding=short, status=st.sampled_from(Status), text=any_text), max_size=3)
records = st.builds(
    TurnRecord,
    case_id=short,
    sender=short,
    number=st.integers(0, HIGHEST_NUMBER),
    at=times,
    said=any_text,
    heard=lists | mentions,
    asked=st.none() | short,
    replies=lists,
    disposition=st.none() | st.sampled_from(Disposition),
    final=st.booleans(),
    state=st.dictionaries(any_text, plain, max_size=4),
    knowledge_version=short,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=records)
def test_what_is_written_comes_back_equal(book: Casebook, record: TurnRecord) -> None:
    record = replace(record, case_id=uuid.uuid4().hex)
    book.record(record)
    book.record(record)
    (back,) = book.case(record.case_id)
    assert back == record
    assert _kinds(back) == _kinds(record)
    assert record.case_id in {case.case_id for case in book.cases_of(record.sender)}


def _kinds(record: TurnRecord) -> list[Any]:
    """The exact types: 1 is not True, a status is not left as an enum."""
    return [repr(getattr(record, name)) for name in TurnRecord.__dataclass_fields__]
