"""The casebook's tables. A change here needs a migration beside it (a test compares the two).

Free text and JSON stand in JSON columns, written as ASCII, so that no character a person can type is refused by a
database (NUL and half characters included). Times are UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)

from sciatriage.casebook.records import LONGEST

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", String(LONGEST["case_id"]), nullable=False),
    Column("sender", String(LONGEST["sender"]), nullable=False),
    Column("latest", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("case_id"),
)
Index("ix_cases_sender_latest", cases.c.sender, cases.c.latest)
Index("ix_cases_latest", cases.c.latest)

turns = Table(
    "turns",
    metadata,
    Column("case_id", String(LONGEST["case_id"]), ForeignKey("cases.case_id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("said", JSON, nullable=False),
    Column("heard", JSON, nullable=False),
    Column("asked", String(LONGEST["asked"]), nullable=True),
    Column("replies", JSON, nullable=False),
    Column("disposition", String(LONGEST["disposition"]), nullable=True),
    Column("final", Boolean, nullable=False),
    Column("state", JSON, nullable=False),
    Column("knowledge_version", String(LONGEST["knowledge_version"]), nullable=False),
    PrimaryKeyConstraint("case_id", "number"),
)
