"""What a database holds, counted in one snapshot."""

from typing import Any

import psycopg
from psycopg import sql

from bastide.backup.model import AuditHead, Figures, Laid

Connection = psycopg.Connection[tuple[Any, ...]]

_GAPS = """
    select count(*) from stream s
    left join (select stream_id, count(*) as n, min(seq) as first, max(seq) as last from journal group by stream_id) j
        on j.stream_id = s.id
    where coalesce(j.n, 0) <> s.seq or (s.seq > 0 and (j.first <> 1 or j.last <> s.seq))
"""


def figures(connection: Connection) -> Figures:
    """Count it; the caller's transaction is the snapshot."""
    tables = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
    rows = {
        str(table): int(_one(connection, sql.SQL("select count(*) from {}").format(sql.Identifier(table))))
        for (table,) in tables.fetchall()
    }
    laid = connection.execute("select module, name, digest from migration order by 1, 2")
    head = connection.execute("select seq, encode(hash, 'hex') from audit_head").fetchone()
    return Figures(
        rows=rows,
        migrations=[Laid(*row) for row in laid.fetchall()],
        audit=None if head is None else AuditHead(int(head[0]), str(head[1])),
        events=int(_one(connection, sql.SQL("select coalesce(sum(seq), 0) from stream"))),
        gaps=int(_one(connection, sql.SQL(_GAPS))),
    )


def referring(connection: Connection) -> list[tuple[str, str]]:
    """The columns that refer to blobs, as the database itself knows them."""
    found = connection.execute(
        """
        select c.conrelid::regclass::text, a.attname
        from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and c.confrelid = 'blob'::regclass order by 1, 2
        """
    )
    return [(str(table), str(column)) for table, column in found.fetchall()]


def is_referred_to(connection: Connection, columns: list[tuple[str, str]], digest: bytes) -> bool:
    """Whether anything refers to a blob."""
    return any(
        connection.execute(
            sql.SQL("select 1 from {} where {} = %s limit 1").format(
                sql.Identifier(table), sql.Identifier(column)
            ),
            (digest,),
        ).fetchone()
        for table, column in columns
    )


def _one(connection: Connection, statement: sql.SQL | sql.Composed) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row else 0
