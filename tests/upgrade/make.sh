#!/usr/bin/env bash
# Makes a dump of an instance as an earlier commit leaves it: its own code fills its demo, PostgreSQL dumps it.
#
#   tests/upgrade/make.sh COMMIT NAME        writes tests/upgrade/NAME.sql.xz, from a clone that is thrown away
#
# Needs what ./bastide test installs. The demo has people, spaces of each label, messages, files, calls, pictures; its ids and
# its days are other ones each time, so that a dump that is made anew differs from the one that is kept.
set -euo pipefail
COMMIT=$1 NAME=$2
ROOT=$(cd "$(dirname "$0")/../.." && pwd -P)
PYTHON=$ROOT/.bastide/venv/bin/python
WORK=$(mktemp -d)
chmod 711 "$WORK"
trap 'rm -rf "$WORK"' EXIT
git -C "$ROOT" archive --prefix=clone/ "$COMMIT" | tar -x -C "$WORK"
# the oldest PostgreSQL that is supported, so that every one can load it
cd "$ROOT"
BASTIDE_TEST_POSTGRES=15 PYTHONPATH=src:. "$PYTHON" - "$WORK" "$ROOT/tests/upgrade/$NAME.sql.xz" <<'PY'
import asyncio, lzma, os, subprocess, sys
from pathlib import Path

import psycopg
from bastide.engines.postgres import programs
from tests.support.postgres import engine_in

work, kept = Path(sys.argv[1]), Path(sys.argv[2])


async def main() -> None:
    engine = engine_in(work / "server")
    await engine.prepare()
    process = await engine.start()
    try:
        await engine.wait_ready(process)
        with psycopg.connect(engine.url_of("postgres", role="postgres"), autocommit=True) as connection:
            connection.execute("create database town owner bastide")
        url = engine.url_of("town")
        (work / "data").mkdir()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("BASTIDE_")} | {
            "PYTHONPATH": str(work / "clone" / "src"), "BASTIDE_DATABASE_URL": url, "BASTIDE_DATA": str(work / "data"),
        }
        for folder in ("run", "app", "secrets", "logs"):
            (work / "data" / folder).mkdir(mode=0o700)
        await asyncio.to_thread(subprocess.run, [sys.executable, "-m", "bastide.demo"], env=environment, check=True)
        words = [programs() / "pg_dump", "--no-owner", "--no-privileges", "--no-comments", f"--dbname={url}"]
        dump = (await asyncio.to_thread(subprocess.run, words, capture_output=True, check=True)).stdout
        # what PostgreSQL before 17 does not know, and what psql alone understands
        lines = [l for l in dump.splitlines(keepends=True) if not l.startswith((b"SET transaction_timeout", b"\\restrict", b"\\unrestrict"))]
        kept.write_bytes(lzma.compress(b"".join(lines), preset=9))
        print(kept, kept.stat().st_size, "bytes")
    finally:
        await engine.stop(process)


asyncio.run(main())
PY
