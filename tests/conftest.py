"""Options and fixtures of all tests."""

import os
import tempfile

import pytest

CACHE = pytest.StashKey[tempfile.TemporaryDirectory]()


def pytest_addoption(parser):
    parser.addoption(
        "--update-generated",
        action="store_true",
        help="write generated/ anew before its tests (refused when CI is set)",
    )
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="write the expected texts of tests/cases/ anew (refused when CI is set)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """All cores share the suite, where pytest-xdist is installed and nobody says otherwise (`-n 0`: one process)."""
    helper = hasattr(config, "workerinput")  # one of those processes, which must not start others
    if not helper and getattr(config.option, "numprocesses", 0) is None and len(config.args) > 1:
        config.option.numprocesses, config.option.dist = "auto", "worksteal"


def pytest_configure(config):
    for option in ("--update-generated", "--update-cases"):
        if config.getoption(option) and os.environ.get("CI"):
            raise pytest.UsageError(f"{option} is for people who read the diff; it is refused where CI is set")
    os.environ.setdefault("ADGEN_VERIFY", "each")  # the verifier runs after every pass
    config.stash[CACHE] = tempfile.TemporaryDirectory(prefix="adgen-doctests-")  # of the doctests in adgen/
    os.environ["ADGEN_CACHE_DIR"] = config.stash[CACHE].name


def pytest_unconfigure(config):
    if CACHE in config.stash:  # not if the options were refused
        config.stash[CACHE].cleanup()


@pytest.fixture(autouse=True)
def private_cache(tmp_path_factory, monkeypatch):
    """No test sees the user's cache, or another test's."""
    monkeypatch.setenv("ADGEN_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
