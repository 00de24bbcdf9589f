"""The cache of generated derivatives: believed only after checks, whole or absent, never in the way."""

import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from adgen import cache
from adgen.cache import Entry

TEXT = "def f_grad(x):\n    return 2.0 * x\n"
KEY = "a" * 64
ROWS = [["function", [["global", "helper"]], "1234"]]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ADGEN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "package_digest", lambda: "digest")
    cache._prepared.clear()
    cache.problems.clear()
    return tmp_path / "cache"


def entry(text=TEXT, **facts):
    return Entry(text, "f_grad", facts)


def yes(rows):
    return True


def load(key=KEY, holds=yes):
    found = cache.load(key, holds)
    return None if found is None else found[0]


def test_what_is_saved_is_loaded(folder):
    path = cache.save(KEY, ROWS, entry(mode="grad"))
    found, rows = cache.load(KEY, yes)
    assert (found.text, found.name, found.facts, found.path) == (TEXT, "f_grad", {"mode": "grad"}, path)
    assert rows == ROWS
    assert Path(path).parent == folder / "entries" and Path(path).read_text().startswith(TEXT)


def test_an_entry_is_one_python_file_that_runs_by_itself():
    path = cache.save(KEY, ROWS, entry())
    names = {}
    exec(compile(Path(path).read_text(), path, "exec"), names)
    assert names["f_grad"](3.0) == 6.0


def test_unknown_keys_are_missed():
    cache.save(KEY, ROWS, entry())
    assert load("b" * 64) is None


def test_dependencies_decide():
    cache.save(KEY, ROWS, entry())
    assert load(holds=lambda rows: rows == ROWS) is not None
    assert load(holds=lambda rows: False) is None


def test_several_candidates_of_one_key():
    other_rows = [["function", [["global", "helper"]], "5678"]]
    other_text = TEXT.replace("2.0", "3.0")
    cache.save(KEY, ROWS, entry())
    cache.save(KEY, other_rows, entry(other_text))
    assert load(holds=lambda rows: rows == ROWS).text == TEXT
    assert load(holds=lambda rows: rows == other_rows).text == other_text
    for k in range(20):
        cache.save(KEY, [["literal", [], str(k)]], entry(TEXT + f"# {k}\n"))
    assert len(cache._candidates(KEY)) == cache.CANDIDATES


def test_saving_again_replaces():
    cache.save(KEY, ROWS, entry())
    cache.save(KEY, ROWS, entry(TEXT + "# new\n"))
    assert load().text == TEXT + "# new\n"
    assert len(cache._candidates(KEY)) == 1


def test_the_first_key_covers_the_toolchain(monkeypatch):
    before = cache.first_key({"code": "x"})
    assert before == cache.first_key({"code": "x"})
    assert before != cache.first_key({"code": "y"})
    cache.toolchain.cache_clear()
    monkeypatch.setattr(cache, "package_digest", lambda: "another adgen")
    assert cache.first_key({"code": "x"}) != before
    cache.toolchain.cache_clear()
    monkeypatch.setattr(cache, "black_version", lambda: "0.0")
    assert cache.toolchain()[-1] == "0.0"
    cache.toolchain.cache_clear()


def test_digest_keeps_parts_apart():
    assert cache.digest("ab", "c") != cache.digest("a", "bc")


# ------------------------------------------------------------------------------------------------------ damaged files


def damage(path, how):
    content = path.read_bytes()
    if how == "truncate":
        path.write_bytes(content[: len(content) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "flip":
        changed = bytearray(content)
        changed[len(content) // 3] ^= 1
        path.write_bytes(bytes(changed))
    elif how == "append":
        path.write_bytes(content + b"x = 1\n")
    elif how == "foreign":
        path.write_bytes(b"\xff\xfe not ours")
    elif how == "json":
        path.write_bytes(b"[1, 2]")
    elif how == "folder":
        path.unlink()
        path.mkdir()
    elif how == "gone":
        path.unlink()


@pytest.mark.parametrize("part", ["entries", "keys"])
@pytest.mark.parametrize("how", ["truncate", "empty", "flip", "append", "foreign", "json", "folder", "gone"])
def test_damaged_files_are_misses_and_are_replaced(folder, part, how):
    cache.save(KEY, ROWS, entry())
    (path,) = (folder / part).iterdir()
    damage(path, how)
    assert load() is None
    if how != "folder":
        cache.save(KEY, ROWS, entry())
        assert load().text == TEXT
    else:
        assert cache.save(KEY, ROWS, entry()) == "" and load() is None


def test_every_single_bit_of_an_entry_counts(folder):
    cache.save(KEY, ROWS, entry())
    for part in ("entries", "keys"):
        (path,) = (folder / part).iterdir()
        content = path.read_bytes()
        for k in range(0, len(content), 7):
            path.write_bytes(content[:k] + bytes([content[k] ^ 4]) + content[k + 1 :])
            assert load() is None, (part, k)
        path.write_bytes(content)
        assert load() is not None


def test_swapped_files_are_misses(folder):
    cache.save(KEY, ROWS, entry())
    other = cache.save("b" * 64, ROWS, entry(TEXT + "# b\n"))
    first = load().path
    swap(Path(first), Path(other))
    assert load() is None and load("b" * 64) is None
    swap(Path(first), Path(other))
    swap(folder / "keys" / f"{KEY}.json", folder / "keys" / f"{'b' * 64}.json")
    assert load() is None and load("b" * 64) is None


def swap(one, other):
    a, b = one.read_bytes(), other.read_bytes()
    one.write_bytes(b)
    other.write_bytes(a)


def test_a_record_cannot_lose_a_dependency(folder):
    cache.save(KEY, ROWS, entry())
    path = folder / "keys" / f"{KEY}.json"
    record = json.loads(path.read_bytes())
    record["candidates"][0]["dependencies"] = []
    path.write_text(json.dumps(record))
    assert load() is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs to give files away")
def test_files_of_other_users_are_not_run(folder):
    path = cache.save(KEY, ROWS, entry())
    os.chown(path, 12345, 12345)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 4321)
        os.chown(folder / "keys" / f"{KEY}.json", 4321, 4321)
        assert load() is None
    assert any("another user" in problem for problem in cache.problems)


# ------------------------------------------------------------------------------------------------ unusable directories


def test_a_directory_that_cannot_be_made(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ADGEN_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert cache.save(KEY, ROWS, entry()) == "" and load() is None
    assert cache.entries() == [] and cache.clear() == 0
    assert cache.problems


@pytest.mark.parametrize("operation", ["open", "write", "replace", "makedirs"])
@pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(28, "disk full"), OSError(30, "read-only")])
def test_errors_of_the_file_system_mean_memory(folder, monkeypatch, operation, error):
    def fail(*args, **keywords):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(os, operation, fail)
        assert cache.save(KEY, ROWS, entry()) == ""
    assert load() is None
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert cache.save(KEY, ROWS, entry()) and load().text == TEXT


def test_short_writes_are_continued(monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data[:10])))
    cache.save(KEY, ROWS, entry())
    assert load().text == TEXT


def test_nothing_is_kept_where_adgens_source_is_not_known(folder, monkeypatch):
    monkeypatch.setattr(cache, "package_digest", lambda: "")
    assert cache.save(KEY, ROWS, entry()) == "" and load() is None
    assert not folder.exists()


def test_source_that_changed_after_the_import_is_not_trusted(monkeypatch):
    monkeypatch.undo()
    fresh = cache.package_digest.__wrapped__
    assert fresh() != ""
    monkeypatch.setattr(cache, "IMPORTED", 0.0)
    assert fresh() == ""
    assert any("was changed after" in problem for problem in cache.problems)


# ------------------------------------------------------------------------------------------------------- housekeeping


def test_listing_and_clearing(folder):
    cache.save(KEY, ROWS, entry(function="a.py::f", mode="grad"))
    cache.save("b" * 64, ROWS, entry(TEXT + "# b\n", function="b.py::f", mode="jvp"))
    (folder / "entries" / "foreign.py").write_text("print('not ours')\n")
    (folder / "note.txt").write_text("a user's note")
    listed = cache.entries()
    assert sorted(item.facts["function"] for item in listed) == ["a.py::f", "b.py::f"]
    assert all(item.size > 0 and item.name == "f_grad" and Path(item.path).is_file() for item in listed)
    assert cache.clear() == 3
    assert cache.entries() == [] and load() is None
    assert (folder / "note.txt").exists()
    assert not list((folder / "keys").iterdir())


def test_old_temporary_files_are_swept_and_young_ones_left(folder):
    cache.save(KEY, ROWS, entry())
    old, young = folder / "entries" / ".adgen-1-old", folder / "keys" / ".adgen-2-young"
    for path in (old, young):
        path.write_text("torn")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    cache._prepared.clear()
    cache.save(KEY, ROWS, entry())
    assert not old.exists() and young.exists()


def test_the_directory_follows_the_variable(monkeypatch, folder):
    assert cache.directory() == folder
    monkeypatch.delenv("ADGEN_CACHE_DIR")
    assert cache.directory().name == "adgen" and cache.directory() != folder


# ---------------------------------------------------------------------------------------------- death and concurrency

KILLED = """
    import os, sys
    from adgen import cache
    cache.package_digest = lambda: "digest"
    limit, count = int(sys.argv[1]), 0
    def counted(real):
        def call(*args, **keywords):
            global count
            count += 1
            if count == limit:
                os._exit(9)
            if real is os_write and len(args[1]) > 1:
                os_write(args[0], args[1][:5])  # torn: a part was written before the next death
                count += 1
                if count == limit:
                    os._exit(9)
                return os_write(args[0], args[1][5:]) + 5
            return real(*args, **keywords)
        return call
    os_write = os.write
    for name in ("makedirs", "open", "write", "close", "replace", "unlink", "fstat"):
        setattr(os, name, counted(getattr(os, name)))
    text = sys.argv[2].replace("|", chr(10))
    done = cache.save("a" * 64, [["function", [["global", "helper"]], "1234"]], cache.Entry(text, "f_grad", {}))
    os._exit(0 if done else 3)
"""


def test_a_process_killed_at_every_operation_of_a_write(folder):
    program = textwrap.dedent(KILLED)
    cache.save(KEY, ROWS, entry())
    new = TEXT + "# new\n"
    texts, codes = [], []
    for limit in range(1, 40):
        codes.append(subprocess.run([sys.executable, "-c", program, str(limit), new.replace("\n", "|")]).returncode)
        texts.append(load().text)
        if codes[-1] == 0:
            break
    assert codes[-1] == 0 and set(codes[:-1]) == {9} and len(codes) > 8
    assert set(texts[:-1]) <= {TEXT, new} and texts[-1] == new
    assert cache.save(KEY, ROWS, entry()) and load().text == TEXT


def test_eight_processes_at_once(folder):
    program = textwrap.dedent("""
        import sys
        from adgen import cache
        cache.package_digest = lambda: "digest"
        me = sys.argv[1]
        for k in range(25):
            text = f"def f_grad(x):\\n    return {me}, {k}\\n"
            assert cache.save("a" * 64, [["literal", [], "1"]], cache.Entry(text, "f_grad", {}))
            found = cache.load("a" * 64, lambda rows: rows == [["literal", [], "1"]])
            assert found is not None and found[0].text.startswith("def f_grad(x):\\n    return "), found
        """)
    started = [subprocess.Popen([sys.executable, "-c", program, str(me)]) for me in range(8)]
    assert [process.wait() for process in started] == [0] * 8
    assert load() is not None
    assert not [path for path in folder.rglob(".adgen-*")]
    assert len(cache.entries()) == 200
