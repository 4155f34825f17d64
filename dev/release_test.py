"""Tests of release.py with a small tree. Run by bin/test."""

import hashlib
import json
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

import release


def jar(path, **files):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)


def part(name, version, licence, group="org.example"):
    return {"group": group, "name": name, "version": version, "licenses": [{"license": {"id": licence}}] if licence else []}


class ReleaseTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Path(folder.name) / "tree"
        self.out = Path(folder.name) / "out"
        jar(self.tree / "worker/target/recaller-worker-1.jar", **{"dev/recaller/Main.class": "class"})
        jar(self.tree / "worker/target/lib/used-2.jar", **{"META-INF/LICENSE.txt": "be nice", "META-INF/NOTICE": "we did it"})
        for name in ("bin/recaller", "bin/lib.sh", "README.md", "flows/a.json", "docs/a.md", "deploy/compose.yaml", "deploy/.env"):
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            (self.tree / name).write_text(name)
        (self.tree / "native").mkdir()
        (self.tree / "native/liblivekit_ffi.so").write_text("native")
        (self.tree / "native/LICENSE.md").write_text("as is")
        self.bill(part("used", "2", "MIT"))

    def bill(self, *parts):
        program = part("recaller-worker", "1", None, "dev.recaller")
        (self.tree / "worker/target/sbom.json").write_text(json.dumps({"metadata": {"component": program}, "components": parts}))

    def build(self, out):
        return release.write("recaller-1", release.contents(self.tree, self.tree / "native/liblivekit_ffi.so"), out)[0]

    def test_of_an_expression_one_licence_that_may_ship_is_enough(self):
        either = {"group": "g", "name": "n", "version": "1", "licenses": [{"expression": "(CDDL-1.0 OR GPL-2.0-with-classpath-exception)"}]}
        self.assertEqual(release.licences(either), ["CDDL-1.0", "GPL-2.0-with-classpath-exception"])
        both = {**either, "licenses": [{"expression": "MIT AND GPL-3.0-only"}]}
        self.assertEqual(release.licences(both), ["MIT AND GPL-3.0-only"])

    def test_holds_what_is_needed_to_run_and_what_the_licences_want(self):
        with tarfile.open(self.build(self.out)) as archive:
            names = {member.name.removeprefix("recaller-1/") for member in archive.getmembers()}
            self.assertTrue({"bin/recaller", "lib/recaller-worker-1.jar", "lib/used-2.jar", "lib/liblivekit_ffi.so", "lib/liblivekit_ffi.LICENSE.md", "flows/a.json",
                             "licenses/used-2/LICENSE.txt", "licenses/used-2/NOTICE", "sbom.json", "THIRD-PARTY.md"} <= names, names)
            self.assertEqual(archive.getmember("recaller-1/bin/recaller").mode, 0o755)
            self.assertIn(b"org.example:used | 2 | MIT | licenses/used-2", archive.extractfile("recaller-1/THIRD-PARTY.md").read())

    def test_leaves_passwords_where_they_are(self):
        with tarfile.open(self.build(self.out)) as archive:
            self.assertNotIn("recaller-1/deploy/.env", archive.getnames())

    def test_gives_the_same_bytes_whenever_it_is_built(self):
        first = hashlib.sha256(self.build(self.out).read_bytes()).hexdigest()
        for file in self.tree.rglob("*"):
            file.touch()
        self.assertEqual(hashlib.sha256(self.build(self.out / "again").read_bytes()).hexdigest(), first)

    def test_refuses_a_jar_that_is_in_no_bill(self):
        jar(self.tree / "worker/target/lib/hidden-3.jar")
        with self.assertRaisesRegex(release.Refused, "hidden-3.jar is not in the bill"):
            self.build(self.out)

    def test_refuses_a_part_that_may_not_be_shipped_or_says_nothing(self):
        self.bill(part("used", "2", "AGPL-3.0-only"), part("silent", "1", None), part("recaller-worker", "1", None, "dev.recaller"))
        with self.assertRaisesRegex(release.Refused, "used:2 is under AGPL-3.0-only(.|\n)*|silent:1 is under no licence"):
            self.build(self.out)

    def test_knows_a_licence_by_its_usual_names(self):
        names = {"The Apache Software License, Version 2.0": "Apache-2.0", "Apache License Version 2.0": "Apache-2.0", "Apache 2.0": "Apache-2.0", "The MIT License (MIT)": "MIT",
                 "BSD 3-Clause License": "BSD-3-Clause", "BSD 3-clause": "BSD-3-Clause", "Affero GPL": "Affero GPL"}
        for name, spdx in names.items():
            self.assertEqual(release.licences({"name": "a", "version": "1", "licenses": [{"license": {"name": name}}]}), [spdx])

    def test_lets_the_receiver_choose_among_licences(self):
        two = part("used", "2", "GPL-2.0-only")
        two["licenses"].append({"license": {"id": "Apache-2.0"}})
        self.bill(two, part("recaller-worker", "1", None, "dev.recaller"))
        self.build(self.out)


if __name__ == "__main__":
    unittest.main()
