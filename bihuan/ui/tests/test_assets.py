"""Browser assets: what is installed is what the lock names, and what is missing is said plainly."""

import json

import pytest

from bihuan.kit.errors import InputError
from bihuan.ui import assets


@pytest.fixture
def checkout(tmp_path):
    source = tmp_path / "checkout"
    source.mkdir()
    for name in assets.FILES:
        (source / name).write_text("{}")
    return source


def installed(home, source):
    vendor = home / "vendor"
    for name in assets.KEPT:
        path = vendor / "node_modules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (vendor / assets.STAMP).write_text(assets.fingerprint(source))


def test_nothing_is_fetched_where_the_lock_is_already_installed(tmp_path, checkout, monkeypatch):
    monkeypatch.setenv("PATH", "")
    installed(tmp_path, checkout)
    said = []
    assert assets.install(tmp_path, said.append, source=checkout) == tmp_path / "vendor" / "node_modules"
    assert said == ["Browser assets are in place."]


def test_a_changed_lock_or_a_missing_file_means_a_new_installation(tmp_path, checkout):
    installed(tmp_path, checkout)
    wanted = assets.fingerprint(checkout)
    (checkout / "package-lock.json").write_text('{"changed": true}')
    assert not assets.is_installed(tmp_path / "vendor", assets.fingerprint(checkout))
    (tmp_path / "vendor" / "node_modules" / assets.KEPT[0]).unlink()
    assert not assets.is_installed(tmp_path / "vendor", wanted)


def test_a_failing_npm_is_an_input_error_and_leaves_no_half_installation(tmp_path, checkout, monkeypatch):
    broken = tmp_path / "bin"
    broken.mkdir()
    (broken / "npm").write_text("#!/bin/sh\necho 'no route to host' >&2\nexit 1\n")
    (broken / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken}:/bin:/usr/bin")
    with pytest.raises(InputError, match="no route to host"):
        assets.install(tmp_path / "home", source=checkout)
    assert not (tmp_path / "home" / "vendor" / "node_modules").exists()


def test_a_checkout_without_its_lock_is_refused(tmp_path):
    with pytest.raises(InputError, match="package-lock"):
        assets.fingerprint(tmp_path)


def test_the_lock_pins_every_package_by_hash_and_names_no_host():
    lock = json.loads((assets.ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
