"""The demo's files are real ones: what opens them opens them, and they say what the talk says."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
import zlib
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from bastide.demo import files, markup, odf, pdf, pictures
from bastide.demo.load import load
from bastide.demo.model import Demo, DemoContentError, FileSpec, Portrait, Recipe

TUESDAY = date(2026, 3, 10)
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


@pytest.fixture(scope="module")
def demo() -> Demo:
    return load(TUESDAY)


@pytest.fixture(scope="module")
def made(demo: Demo) -> dict[str, bytes]:
    """Every file, once."""
    return {file.key: files.render(file.recipe) for file in demo.files}


def _of(demo: Demo, *suffixes: str) -> list[FileSpec]:
    return [file for file in demo.files if Path(file.name).suffix in suffixes]


def _named(demo: Demo, start: str) -> FileSpec:
    return next(file for file in demo.files if file.name.startswith(start))


def test_there_are_files_of_all_kinds_and_sizes(demo: Demo, made: dict[str, bytes]) -> None:
    kinds = {Path(file.name).suffix for file in demo.files}
    assert kinds == {".odt", ".ods", ".pdf", ".png", ".jpg", ".csv", ".txt"}
    sizes = [len(made[file.key]) for file in demo.files]
    assert min(sizes) > 150
    assert max(sizes) < 3_000_000
    assert sum(sizes) < 12_000_000
    assert sum(size > 100_000 for size in sizes) >= 12


@pytest.mark.parametrize("suffix", [".odt", ".ods"])
def test_open_documents_are_packages(demo: Demo, made: dict[str, bytes], suffix: str) -> None:
    mime = {
        ".odt": "application/vnd.oasis.opendocument.text",
        ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    }
    documents = _of(demo, suffix)
    assert len(documents) >= 8
    for file in documents:
        data = made[file.key]
        # What sniffers look at: the first entry, stored, without extra field, at a fixed place.
        assert data[30:38] == b"mimetype"
        assert data[38 : 38 + len(mime[suffix])].decode() == mime[suffix] == file.media_type
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            assert package.testzip() is None
            assert package.namelist()[0] == "mimetype"
            assert package.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
            roots = {
                name: ET.fromstring(package.read(name))
                for name in package.namelist()
                if name.endswith(".xml")
            }
            manifest = package.read("META-INF/manifest.xml").decode()
            assert all(f'"{name}"' in manifest for name in roots if not name.startswith("META-INF"))
            assert {entry.date_time[:3] for entry in package.infolist()} == {
                (file.at.year, file.at.month, file.at.day)
            }
        assert roots["content.xml"].find(f"{OFFICE}body") is not None
        assert roots["content.xml"].get(f"{OFFICE}version") == "1.3"


def test_a_text_keeps_its_headings_lists_and_tables(demo: Demo, made: dict[str, bytes]) -> None:
    file = _named(demo, "Programme Emploi des jeunes")
    with zipfile.ZipFile(io.BytesIO(made[file.key])) as package:
        root = ET.fromstring(package.read("content.xml"))
        meta = package.read("meta.xml").decode()
    assert [h.text for h in root.iter(f"{TEXT}h")][:2] == ["Ce qui change", "D’où nous partons"]
    assert len(list(root.iter(f"{TEXT}list-item"))) == 6
    assert len(list(root.iter(f"{TABLE}table"))) == 2
    said = "".join(root.itertext())
    assert "1\u202f850 jeunes" in said
    assert "2026" in said
    assert "Margaux Teyssier" in meta
    assert "{" not in said


def test_a_sheet_counts(demo: Demo, made: dict[str, bytes]) -> None:
    file = _named(demo, "Dépenses d’investissement 2027")
    with zipfile.ZipFile(io.BytesIO(made[file.key])) as package:
        root = ET.fromstring(package.read("content.xml"))
    tables = list(root.iter(f"{TABLE}table"))
    assert [table.get(f"{TABLE}name") for table in tables] == [
        "Hypothèse pompe (k€)",
        "Hypothèse groupe froid (k€)",
    ]
    totals = [
        cell.get(f"{OFFICE}value") for table in tables for cell in table.iter() if cell.get(f"{TABLE}formula")
    ]
    assert totals == ["2168", "2171"]  # as said that morning


def _pages(data: bytes) -> list[str]:
    """A strict, small reader of our PDFs: the cross-reference table, the page tree, the text shown on each page."""
    assert data.startswith(b"%PDF-1.7\n")
    assert data.endswith(b"%%EOF\n")
    start = int(data[data.rindex(b"startxref") :].split()[1])
    lines = data[start:].splitlines()
    assert lines[0] == b"xref"
    count = int(lines[1].split()[1])
    offsets = [int(line[:10]) for line in lines[2 : 2 + count]]
    for number, offset in enumerate(offsets[1:], start=1):
        assert data[offset:].startswith(b"%d 0 obj\n" % number)
    kids = re.findall(rb"(\d+) 0 R", re.search(rb"/Kids \[(.*?)\]", data)[1])  # type: ignore[index]
    pages: list[str] = []
    for kid in kids:
        page = data[offsets[int(kid)] :]
        contents = int(re.search(rb"/Contents (\d+) 0 R", page)[1])  # type: ignore[index]
        body = data[offsets[contents] :]
        length = int(re.search(rb"/Length (\d+)", body)[1])  # type: ignore[index]
        at = body.index(b"stream\n") + 7
        assert body[at + length :].startswith(b"\nendstream")
        stream = zlib.decompress(body[at : at + length])
        words = re.findall(rb"Td \(((?:[^()\\]|\\.)*)\) Tj", stream)
        pages.append(" ".join(re.sub(rb"\\(.)", rb"\1", word).decode("cp1252") for word in words))
    assert int(re.search(rb"/Count (\d+)", data)[1]) == len(pages)  # type: ignore[index]
    return pages


def test_pdfs_are_read_page_by_page(demo: Demo, made: dict[str, bytes]) -> None:
    documents = _of(demo, ".pdf")
    assert len(documents) >= 12
    counts = []
    for file in documents:
        pages = _pages(made[file.key])
        counts.append(len(pages))
        title = markup.read(file.recipe.body).title.replace("\u202f", "\u00a0")
        assert title in pages[0]
        assert all(page.endswith(f"{index} / {len(pages)}") for index, page in enumerate(pages, start=1))
        assert not set("{}") & set("".join(pages))
    assert set(counts) >= {1, 2, 4}
    assert max(counts) <= 4


def test_a_pdf_keeps_every_word(demo: Demo, made: dict[str, bytes]) -> None:
    file = _named(demo, "Convention de mise à disposition")
    printed = " ".join(_pages(made[file.key]))
    words = re.findall(r"[\wÀ-ÿ’-]{4,}", re.sub(r"[*|#]", " ", file.recipe.body.split("\n\n", 1)[1]))
    assert len(words) > 200
    assert [word for word in words if word not in printed] == []


def test_nothing_is_set_outside_the_page() -> None:
    long = " ".join(["anticonstitutionnellement", "**gras**;", "*italique*"] * 400)
    page = markup.read(f"titre: {long[:300]}\n\n{long}\n\n| a | b |\n| {long[:900]} | 12,5 % |\n")
    data = pdf.text(page, load(TUESDAY).files[0].at, "Essai")
    assert len(_pages(data)) > 3
    for stream in re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL):
        for x, y in re.findall(rb" rg ([\d.]+) ([\d.]+) Td", zlib.decompress(stream)):
            assert 60 <= float(x) <= 535
            assert 30 <= float(y) <= 800


def test_a_letter_that_the_face_lacks_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        pdf.encode("→")


def test_pictures_are_large_and_open(demo: Demo, made: dict[str, bytes]) -> None:
    drawn = _of(demo, ".png", ".jpg")
    assert len(drawn) >= 14
    for file in drawn:
        with Image.open(io.BytesIO(made[file.key])) as image:
            image.load()
            assert image.format == {"image/png": "PNG", "image/jpeg": "JPEG"}[file.media_type]
            assert 1600 <= max(image.size) <= 3600, file.name
            assert len(image.convert("RGB").resize((64, 48)).getcolors(64 * 48) or []) > 30, file.name


def test_figures_over_time_stop_when_the_file_was_made(demo: Demo, made: dict[str, bytes]) -> None:
    file = _named(demo, "niveaux-vezelle")
    lines = made[file.key].decode("utf-8-sig").splitlines()
    assert lines[0] == "date;heure;Pont-Lévy (m);Montrevel (m);Castelbrac (m)"
    assert lines[-1].startswith(f"{file.at:%d/%m/%Y};07:45;1,27;")
    assert len(lines) < len(_named(demo, "Relevés de la Vézelle").recipe.series[0].points)
    assert not re.search(r"\d\.\d", "\n".join(lines))


def test_same_recipe_same_bytes_in_another_process(demo: Demo, made: dict[str, bytes]) -> None:
    chosen = [file for file in demo.files if not file.recipe.maker.startswith("picture:")]
    chosen += [_named(demo, "Circuit 214"), _named(demo, "Arrêt Les Tilleuls")]
    code = (
        "import hashlib, sys; from datetime import date; from bastide.demo import files, load\n"
        "made = {f.key: f for f in load.load(date(2026, 3, 10)).files}\n"
        "print(*[hashlib.sha256(files.render(made[k].recipe)).hexdigest() for k in sys.argv[1:]])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *[file.key for file in chosen]],
        capture_output=True,
        check=True,
        text=True,
        env={
            "PYTHONHASHSEED": "7",
            "PYTHONPATH": ":".join(path for path in sys.path if path),
            "TZ": "Asia/Tokyo",
        },
    )
    assert ran.stdout.split() == [hashlib.sha256(made[file.key]).hexdigest() for file in chosen]


def test_portraits_differ_and_repeat(demo: Demo) -> None:
    of = {agent.key: agent.portrait for agent in demo.agents if agent.portrait}
    drawn = {key: pictures.portrait(portrait) for key, portrait in of.items()}
    assert len(set(drawn.values())) == len(drawn)
    assert drawn["delorme"] == pictures.portrait(of["delorme"])
    for data in drawn.values():
        assert len(data) < 60_000
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == (512, 512)


def test_what_cannot_be_made_is_refused(demo: Demo) -> None:
    at = demo.files[0].at
    for maker in ("doc", "picture:nowhere:png"):
        with pytest.raises(DemoContentError):
            files.render(Recipe(maker=maker, body="", made=at, author=""))
    for scene, hue in (("lune", "violet"), ("visage", "woad")):
        with pytest.raises(DemoContentError):
            pictures.portrait(Portrait(scene, hue, 1))


def test_loading_makes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made one by one, when asked for."""

    def never(*_: object) -> bytes:
        raise AssertionError

    for module, name in (
        (pictures, "render"),
        (pictures, "portrait"),
        (odf, "text"),
        (odf, "sheet"),
        (pdf, "text"),
    ):
        monkeypatch.setattr(module, name, never)
    assert load(TUESDAY).files
