"""Puts a built tree together as a distribution: the same tree gives the same bytes. Started by bin/release.

  dev/release.py --tree FOLDER --native-library FILE --out FOLDER

Fails when a jar is not in the bill of materials, or a part of it has no licence that may be shipped.
"""

import argparse
import gzip
import hashlib
import io
import json
import platform
import re
import sys
import tarfile
import zipfile
from pathlib import Path

NOTICES = re.compile(r"(META-INF/)?(LICEN[CS]E|NOTICE|COPYRIGHT|ThirdPartyNotices|THIRD-PARTY)[\w.-]*", re.IGNORECASE)

# SPDX ids of licences whose parts a distribution may hold.
MAY_SHIP = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CDDL-1.0", "CDDL-1.1", "EPL-2.0", "MIT", "MIT-0"}
# What descriptions write where SPDX has an id.
NAMES = (
    (re.compile(r"(The )?Apache( Software)?( License)?,?( Version)? ?2(\.0)?", re.IGNORECASE), "Apache-2.0"),
    (re.compile(r"(The )?MIT( License)?( \(MIT\))?", re.IGNORECASE), "MIT"),
    (re.compile(r"BSD[ -]3[ -]clause( License)?", re.IGNORECASE), "BSD-3-Clause"),
    (re.compile(r"Public Domain, per Creative Commons CC0", re.IGNORECASE), "CC0-1.0"),
    (re.compile(r"Go License", re.IGNORECASE), "BSD-3-Clause"),
    (re.compile(r"CDDL \+ GPLv2 with classpath exception", re.IGNORECASE), "CDDL-1.1"),
)
# Parts whose description does not say it; their licence's text does.
KNOWN = {"io.github.jaredmdobson:concentus": "BSD-3-Clause"}


class Refused(Exception):
    """The tree may not be shipped as it is; the text says why."""


def components(sbom):
    """All parts: those that are used, and the program that uses them."""
    program = sbom.get("metadata", {}).get("component")
    return sorted([*sbom["components"], *([program] if program else [])], key=lambda part: (part.get("group", ""), part["name"], part["version"]))


def licences(part):
    """Of a part: SPDX ids where there is one, else what its description says."""
    named = KNOWN.get(f"{part.get('group', '')}:{part['name']}")
    if named:
        return [named]
    found = []
    for entry in part.get("licenses", []):
        said = entry["expression"] if "expression" in entry else entry["license"].get("id") or entry["license"]["name"]
        for one in re.fullmatch(r"\(?(.*?)\)?", said.strip())[1].split(" OR ") if "expression" in entry else [said]:
            found.append(next((spdx for name, spdx in NAMES if name.fullmatch(one.strip())), one))
    return found


def check(jars, parts):
    """That the bill of materials and the jars agree, and that each part may be shipped."""
    wrong = []
    listed = {f"{part['name']}-{part['version']}" for part in parts}
    wrong += [f"{jar.name} is not in the bill of materials" for jar in jars if not any(jar.stem == name or jar.stem.startswith(name + "-") for name in listed)]
    for part in parts:
        if part.get("group") == "dev.recaller":
            continue
        offered = licences(part)
        # Of several the receiver may choose.
        if not any(licence in MAY_SHIP for licence in offered):
            wrong.append(f"{part.get('group', '')}:{part['name']}:{part['version']} is under {', '.join(offered) or 'no licence it names'}")
    if wrong:
        raise Refused("\n".join(wrong))


def third_party(parts, jars):
    """Which parts, under which licences, and where their texts are: beside it where a jar brings one, else where its description says."""
    texts = {jar.stem for jar in jars if any(notices(jar))}
    lines = ["# Third-party parts", "", "`sbom.json` has the same parts with their hashes.", "", "| part | version | licence | text |", "|---|---|---|---|"]
    for part in parts:
        if part.get("group") == "dev.recaller":
            continue
        stem = f"{part['name']}-{part['version']}"
        urls = [entry["license"].get("url", "") for entry in part.get("licenses", []) if "license" in entry]
        text = f"licenses/{stem}" if stem in texts else " ".join(filter(None, urls))
        lines.append(f"| {part.get('group', '')}:{part['name']} | {part['version']} | {', '.join(licences(part))} | {text} |")
    lines += ["", "LiveKit's native core (`lib/liblivekit_ffi.*`): Apache-2.0, with the licences of its own parts in `lib/liblivekit_ffi.LICENSE.md`.", ""]
    return "\n".join(lines)


def notices(jar):
    with zipfile.ZipFile(jar) as archive:
        for name in sorted(archive.namelist()):
            if NOTICES.fullmatch(name):
                yield name.removeprefix("META-INF/"), archive.read(name)


def contents(tree, native):
    """Every file of the distribution: name, bytes, whether it is a program."""
    sbom = (tree / "worker/target/sbom.json").read_bytes()
    parts = components(json.loads(sbom))
    own = sorted((tree / "worker/target").glob("recaller-worker-*.jar"))
    jars = own + sorted((tree / "worker/target/lib").glob("*.jar"))
    check(jars, parts)
    for jar in jars:
        yield f"lib/{jar.name}", jar.read_bytes(), False
        for name, text in notices(jar):
            yield f"licenses/{jar.stem}/{name}", text, False
    yield f"lib/{native.name}", native.read_bytes(), False
    yield "lib/liblivekit_ffi.LICENSE.md", native.with_name("LICENSE.md").read_bytes(), False
    yield "sbom.json", sbom, False
    yield "THIRD-PARTY.md", third_party(parts, jars).encode(), False
    for name in ("bin/recaller", "bin/lib.sh", "README.md"):
        yield name, (tree / name).read_bytes(), name == "bin/recaller"
    for folder in ("flows", "docs", "deploy"):
        for file in sorted((tree / folder).rglob("*")):
            if file.is_file() and file.name != ".env":
                yield str(file.relative_to(tree)), file.read_bytes(), file.suffix == ".sh"


def write(name, files, out):
    """One .tar.gz whose bytes depend on the files alone."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0, compresslevel=6) as compressed, \
            tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, data, program in sorted(files):
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mode = len(data), 0o755 if program else 0o644
            archive.addfile(entry, io.BytesIO(data))
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{name}.tar.gz"
    target.write_bytes(packed.getvalue())
    digest = hashlib.sha256(packed.getvalue()).hexdigest()
    target.with_name(target.name + ".sha256").write_text(f"{digest}  {target.name}\n")
    return target, digest


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--tree", type=Path, required=True)
    arguments.add_argument("--native-library", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    jar = next((options.tree / "worker/target").glob("recaller-worker-*.jar"))
    version = jar.stem.removeprefix("recaller-worker-")
    name = f"recaller-{version}-{platform.system().lower()}-{platform.machine()}"
    try:
        target, digest = write(name, contents(options.tree, options.native_library), options.out)
    except Refused as refused:
        sys.exit(f"The distribution may not be made:\n{refused}")
    print(f"{target} {target.stat().st_size >> 20} MiB sha256 {digest}")


if __name__ == "__main__":
    main()
