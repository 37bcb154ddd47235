"""The house tests its own papers: README's tree is the disk, every setting and command is documented."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
TREE = README.split("## The tree")[1].split("```")[1]
UNLISTED = {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}  # where everybody looks for them


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_readmes_tree_is_the_disk() -> None:
    on_disk = {path.split("/")[0] for path in tracked() if not path.startswith(".")} - UNLISTED
    told = {word.rstrip("/") for line in TREE.splitlines() for word in re.findall(r"[\w./-]+", line.split("   ")[0])}
    for line in TREE.splitlines():
        if "Makefile" in line or "config.yml" in line:
            told |= set(re.findall(r"[\w-]+\.\w+|Makefile", line))
    assert sorted(on_disk - {one.split("/")[0] for one in told}) == []


def test_every_place_of_the_tree_exists() -> None:
    for line in TREE.strip().splitlines():
        name = line.split()[0]
        places = [name] if not line.startswith("  ") else [f"sciatriage/{name}"]
        for place in places:
            assert (ROOT / place).exists(), place


def test_every_setting_is_documented() -> None:
    written = "".join((ROOT / path).read_text() for path in tracked() if path.endswith(".md"))
    for path in tracked():
        if path.startswith(("sciatriage/", "rasa_project/", "actions/")) and path.endswith(".py"):
            for setting in set(re.findall(r"SCIATRIAGE_[A-Z_]+[A-Z]", (ROOT / path).read_text())):
                ending = setting.removeprefix("SCIATRIAGE_TELEGRAM")
                assert setting in written or f"`{ending}`" in written, (path, setting)


def test_every_command_is_documented() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    for target in set(targets) - {"set-up", "set-up-for-tests"}:
        assert f"make {target}" in README, target


def test_links_lead_somewhere() -> None:
    for path in [one for one in tracked() if one.endswith(".md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", (ROOT / path).read_text()):
            assert (ROOT / path).parent.joinpath(link).exists(), (path, link)


def test_no_address_of_an_index_or_path_of_a_machine_is_committed() -> None:
    hosts = "|".join(("py" + "pi", "pyth" + "onhosted", "registry" + r"\.npm"))
    for path in tracked():
        file = ROOT / path
        if file.suffix in (".png",) or not file.is_file():
            continue
        text = file.read_text(errors="replace")
        assert not re.search(rf"https?://[a-z0-9.-]*({hosts})", text), path
        assert not re.search(r"(^|[^\w./-])/(work|root|home)/\w", text), path


def test_nothing_generated_is_committed() -> None:
    bad = re.compile(r"(^|/)(uv\.lock|node_modules/)|\.(sqlite3?|db|pyc)$|models/.*\.tar\.gz$")
    assert [path for path in tracked() if bad.search(path)] == []
