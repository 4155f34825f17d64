"""Checks what Recaller is made of and made with. Started by bin/audit.

  audit.py --sbom FILE --jars FOLDER [--go-mod FILE]... [--advisories FOLDER]

  what ships      each part's licence may be shipped; no part in two versions; no class in two jars
  Python pins     each exactly one version, verified by hash; advisories from the package index' own answer, where it gives one
  Go              modules of our own programs, which are for development, against the advisories of the Go project

There is no database of advisories for Java that comes as a package; those parts are checked by whoever follows their releases.
What was looked at and may stay is in dev/audit.json: {"id", "part", "reason", "reviewed": a date}. After half a year it has to be looked at again.

Exit status: 0 nothing found, 1 something was, 2 bad arguments.
"""

import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import release

HERE = Path(__file__).resolve().parent
REVIEWED = HERE / "audit.json"
REVIEW_EVERY = timedelta(days=183)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
INDEX_S = 5          # until the package index has answered
MULTI_RELEASE = re.compile(r"META-INF/versions/\d+/")


@dataclass(frozen=True)
class Finding:
    """What is wrong with which part, and what to do."""
    id: str
    part: str
    text: str

    def __str__(self):
        return f"{self.id}  {self.part}: {self.text}"


def shipped(sbom, jars):
    """Findings in what is shipped: its licences, parts in two versions, classes in two jars."""
    parts = [part for part in release.components(sbom) if part.get("group") != "dev.recaller"]
    for part in parts:
        offered = release.licences(part)
        if not any(licence in release.MAY_SHIP for licence in offered):
            yield Finding("licence", f"{part.get('group', '')}:{part['name']}", f"is under {', '.join(offered) or 'no licence it names'}: replace it, or add the licence to MAY_SHIP in dev/release.py")
    versions = defaultdict(set)
    for part in parts:
        versions[f"{part.get('group', '')}:{part['name']}"].add(part["version"])
    for name, found in versions.items():
        if len(found) > 1:
            yield Finding("versions", name, f"is shipped as {' and '.join(sorted(found))}: settle on one in pom.xml")
    places = defaultdict(list)
    for jar in jars:
        with zipfile.ZipFile(jar) as archive:
            for entry in archive.namelist():
                if entry.endswith(".class") and not entry.endswith(("module-info.class", "package-info.class")) and not MULTI_RELEASE.match(entry):
                    places[entry].append(jar.name)
    both = defaultdict(list)
    for entry, found in places.items():
        if len(found) > 1:
            both[" and ".join(sorted(found))].append(entry)
    for pair, entries in both.items():
        yield Finding("classes", pair, f"both hold {entries[0]} and {len(entries) - 1} more: which is used depends on their order; leave one out in pom.xml")


def pins(lock):
    """(findings, [(name, version)]) of one lock file."""
    findings, found = [], []
    for requirement in re.split(r"\n(?=\S)", lock.read_text().replace("\\\n", " ")):
        line = requirement.strip()
        if not line or line.startswith(("#", "--")):
            continue
        pin = PIN.match(line)
        if not pin or "--hash=sha256:" not in requirement:
            findings.append(Finding("pin", f"{lock.name}: {line.split()[0]}", "has no exact version with its hash: make the lock again by dev/lock"))
        if pin:
            found.append((pin[1], pin[2]))
    return findings, found


def index():
    """The root of the package index that pip uses."""
    url = os.environ.get("PIP_INDEX_URL") or subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True).stdout.strip()
    return (url or "https://pypi.org/simple").rstrip("/").removesuffix("/simple")


def asked(root, name, version):
    """The index' advisories about one version; None when it has no answer."""
    try:
        with urllib.request.urlopen(f"{root}/pypi/{name}/{version}/json", timeout=INDEX_S) as answer:
            return json.load(answer).get("vulnerabilities")
    except (OSError, ValueError):
        return None


def of_index(root, found, ask=asked):
    """(findings, how many pins were answered); asks for one first, as many an index does not tell."""
    if not found or ask(root, *found[0]) is None:
        return [], 0
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda pin: ask(root, *pin), found))
    findings = [Finding(one["id"], f"{name} {version}", f"{' '.join((one.get('summary') or one.get('details') or '').split())[:160]}; fixed in {', '.join(one.get('fixed_in') or []) or 'no version'}: raise it in dev/*.in, then dev/lock")
                for (name, version), answer in zip(found, answers) for one in answer or [] if not one.get("withdrawn")]
    return findings, sum(answer is not None for answer in answers)


def order(version):
    """A key that sorts Go's versions, pseudo-versions among them."""
    text = version.removeprefix("v").removeprefix("go").split("+")[0]
    core, _, pre = text.partition("-")
    numbers = [int(part) for part in re.findall(r"\d+", core)][:3]
    numbers += [0] * (3 - len(numbers))
    return numbers, not pre, [(part.isdigit() is False, int(part) if part.isdigit() else 0, part) for part in pre.split(".")] if pre else []


def within(version, ranges):
    """Whether a version lies in one of an advisory's ranges."""
    at = order(version)
    for one in ranges:
        affected = False
        for event in one.get("events", []):
            if "introduced" in event and (event["introduced"] == "0" or at >= order(event["introduced"])):
                affected = True
            elif "fixed" in event and at >= order(event["fixed"]):
                affected = False
        if affected:
            return True
    return False


def fixes(ranges):
    return ", ".join(event["fixed"] for one in ranges for event in one.get("events", []) if "fixed" in event) or "no version"


def of_go(modules, advisories):
    """Findings in (module, version, where it is used), each once."""
    by_name = defaultdict(set)
    for name, version, where in modules:
        by_name[name].add((version, where))
    for file in sorted(advisories.glob("GO-*.json")):
        text = file.read_text()
        advisory = None
        for name in re.findall(r'"name": "([^"]+)"', text):
            if name not in by_name:
                continue
            advisory = advisory or json.loads(text)
            if "withdrawn" in advisory:
                break
            for affected in advisory["affected"]:
                if affected["package"]["name"] != name:
                    continue
                for version, where in sorted(by_name[name]):
                    if within(version, affected["ranges"]):
                        yield Finding(advisory["id"], f"{name} {version} in {where}", f"{advisory.get('summary', '')}; fixed in {fixes(affected['ranges'])}: raise it")


def required(go_mod):
    """The modules that a go.mod names."""
    for name, version in re.findall(r"^\s*(?:require\s+)?([\w./~-]+\.[\w./~-]+) (v\S+)", go_mod.read_text(), re.MULTILINE):
        yield name, version, f"{go_mod.parent.name}/go.mod"


def unexcused(findings, reviewed, today):
    """What is left of the findings, and what is wrong with the list of those that may stay."""
    used = set()
    for finding in findings:
        excuse = next((number for number, one in enumerate(reviewed) if one["id"] == finding.id and finding.part.startswith(one["part"])), None)
        if excuse is None:
            yield finding
        else:
            used.add(excuse)
    for number, one in enumerate(reviewed):
        if not one.get("reason"):
            yield Finding("reviewed", one["id"], "has no reason in dev/audit.json")
        elif date.fromisoformat(one["reviewed"]) + REVIEW_EVERY < today:
            yield Finding("reviewed", one["id"], f"was reviewed on {one['reviewed']}: look again, and change the date or the part")
        elif number not in used:
            yield Finding("reviewed", one["id"], f"is not found any more for {one['part']}: take it out of dev/audit.json")


def main():
    arguments = argparse.ArgumentParser(prog="bin/audit", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sbom", type=Path, required=True)
    arguments.add_argument("--jars", type=Path, required=True)
    arguments.add_argument("--go-mod", type=Path, action="append", default=[])
    arguments.add_argument("--advisories", type=Path)
    options = arguments.parse_args()

    sbom, jars = json.loads(options.sbom.read_text()), sorted(options.jars.glob("*.jar"))
    findings = list(shipped(sbom, jars))
    print(f"what ships: {len(release.components(sbom))} parts, {len(jars)} jars")

    found = set()
    for lock in sorted(HERE.glob("*.lock")):
        wrong, locked = pins(lock)
        findings += wrong
        found |= set(locked)
    wrong, answered = of_index(index(), sorted(found))
    findings += wrong
    print(f"Python pins: {len(found)}" + (f", {answered} of them with the index' advisories" if answered else "; no advisories, the package index tells none"))

    if options.advisories and options.advisories.is_dir():
        modules = {one for file in options.go_mod for one in required(file)}
        findings += of_go(modules, options.advisories)
        print(f"Go: {len(modules)} modules, against {len(list(options.advisories.glob('GO-*.json')))} advisories")
    else:
        print("Go: not checked, its advisories could not be had")

    left = list(unexcused(sorted(set(findings), key=str), json.loads(REVIEWED.read_text()), date.today()))
    for finding in left:
        print(f"FOUND  {finding}")
    print(f"{len(left)} found." if left else "Nothing found.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
