"""Reads trials as Parquet with programs that others wrote, holds them against the CSV, and runs the examples of the docs."""

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pyarrow.parquet

root = Path.cwd()
binary = root / sys.argv[1]
record = root / "reports/record"
csv.field_size_limit(1 << 30)

with tempfile.TemporaryDirectory() as folder:
    run = lambda *words: subprocess.run([binary, *words], cwd=folder, check=True, capture_output=True).stdout
    run("report", record, "-o", "trials.parquet", "--quiet")
    again = Path(folder, "again.parquet")
    run("report", record, "-o", again, "--quiet")
    path = Path(folder, "trials.parquet")
    assert path.read_bytes() == again.read_bytes(), "the same record gives the same bytes"

    # The schema is the documented one.
    documented = re.findall(r"^\| `(\w+)` \| (\w+)", (root / "docs/reference/trials.md").read_text(), re.M)
    schema = pyarrow.parquet.ParquetFile(path).schema
    found = [(column.name, column.physical_type) for column in schema]
    assert found == documented, f"{found} is not what is documented: {documented}"

    # The rows are those of the CSV.
    rows = list(csv.DictReader(io.StringIO(run("report", record, "--format", "csv").decode())))
    table = duckdb.sql(f"from '{path}'").fetchall()
    names = [column[0] for column in duckdb.sql(f"describe from '{path}'").fetchall()]
    assert len(table) == len(rows) > 100, (len(table), len(rows))
    for row, other in zip(rows, table):
        other = dict(zip(names, other))
        for name in ["dataset", "case", "provider", "status"]:
            assert row[name].lstrip("'") == other[name].lstrip("'"), (name, row[name], other[name])
        for name in ["score", "seconds", "usd", "input_tokens", "output_tokens"]:
            number = float(row[name]) if row[name] else None
            assert number == other[name], (name, row[name], other[name])
        for name in ["tags", "expected", "wrong_fields", "evidence", "media", "values"]:
            json.loads(other[name])

    # The examples of the docs, as they stand there.
    page = (root / "docs/analyze-elsewhere.md").read_text()
    for language, program in re.findall(r"^```(python|sql)\n(.*?)^```", page, re.M | re.S):
        if language == "python":
            command = [sys.executable, "-c", program]
            said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
        else:
            said = str(duckdb.sql(program.replace("'trials.parquet'", f"'{path}'")))
        assert "provider" in said, said
        print(said)
print(f"{len(rows)} trials read by DuckDB {duckdb.__version__} and pyarrow {pyarrow.__version__}")
