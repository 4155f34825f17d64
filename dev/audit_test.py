import json
import tempfile
import unittest
import zipfile
from datetime import date
from pathlib import Path

import audit


def advisory(name, *events, identity="GO-1"):
    return {"id": identity, "summary": "it breaks", "affected": [{"package": {"name": name, "ecosystem": "Go"}, "ranges": [{"type": "SEMVER", "events": list(events)}]}]}


class AuditTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def jar(self, name, *entries):
        with zipfile.ZipFile(self.folder / name, "w") as archive:
            for entry in entries:
                archive.writestr(entry, b"")
        return self.folder / name

    def test_a_licence_that_may_not_ship_two_versions_and_a_class_in_two_jars_are_found(self):
        part = {"group": "org.example", "name": "one", "version": "1", "licenses": [{"license": {"id": "MIT"}}]}
        sbom = {"components": [part, {**part, "version": "2"}, {**part, "name": "other", "licenses": [{"license": {"id": "GPL-3.0-only"}}]}]}
        jars = [self.jar("a.jar", "org/A.class", "META-INF/versions/9/org/A.class"), self.jar("b.jar", "org/A.class", "module-info.class"), self.jar("c.jar", "module-info.class")]
        found = {one.id: one.part for one in audit.shipped(sbom, jars)}
        self.assertEqual(found, {"licence": "org.example:other", "versions": "org.example:one", "classes": "a.jar and b.jar"})

    def test_a_pin_without_hash_or_version_is_found(self):
        lock = self.folder / "x.lock"
        lock.write_text("# made\ngood==1.2 \\\n    --hash=sha256:00\nloose>=1 \\\n    --hash=sha256:00\nbare==2\n")
        findings, found = audit.pins(lock)
        self.assertEqual(found, [("good", "1.2"), ("bare", "2")])
        self.assertEqual([one.part for one in findings], ["x.lock: loose>=1", "x.lock: bare==2"])

    def test_an_index_that_tells_no_advisories_is_asked_once_and_is_no_finding(self):
        asked = []
        self.assertEqual(audit.of_index("r", [("a", "1"), ("b", "2")], lambda *one: asked.append(one)), ([], 0))
        self.assertEqual(len(asked), 1)

    def test_advisories_of_the_index_are_findings_unless_withdrawn(self):
        told = {"a": [{"id": "PYSEC-1", "summary": "bad", "fixed_in": ["2"]}, {"id": "PYSEC-2", "summary": "no", "withdrawn": "2026"}], "b": []}
        findings, answered = audit.of_index("r", [("a", "1"), ("b", "2")], lambda root, name, version: told[name])
        self.assertEqual(([one.id for one in findings], answered), (["PYSEC-1"], 2))

    def test_a_go_module_is_found_from_where_it_broke_until_where_it_was_mended(self):
        def found(version, *events):
            (self.folder / "GO-1.json").write_text(json.dumps(advisory("example.org/m", *events), indent=2))
            return [one.id for one in audit.of_go({("example.org/m", version, "here")}, self.folder)]
        events = {"introduced": "0"}, {"fixed": "1.2.0"}, {"introduced": "1.5.0"}
        for version, wrong in (("v1.1.9", True), ("v1.2.0", False), ("v1.2.0-rc.1", True), ("v1.4.0", False), ("v1.10.0", True), ("v0.0.0-20240101000000-abcdef", True), ("v1.2.1+incompatible", False)):
            self.assertEqual(found(version, *events), ["GO-1"] if wrong else [], version)

    def test_what_was_reviewed_may_stay_for_half_a_year_and_as_long_as_it_is_there(self):
        finding = audit.Finding("GO-1", "example.org/m v1 in here", "it breaks")
        entry = {"id": "GO-1", "part": "example.org/m ", "reason": "not called", "reviewed": "2026-11-01"}
        left = lambda findings, entries, today=date(2026, 11, 26): [one.id for one in audit.unexcused(findings, entries, today)]    # noqa: E731
        self.assertEqual(left([finding], []), ["GO-1"])
        self.assertEqual(left([finding], [entry]), [])
        self.assertEqual(left([finding], [{**entry, "reason": ""}]), ["reviewed"])
        self.assertEqual(left([finding], [entry], date(2027, 8, 1)), ["reviewed"])
        self.assertEqual(left([], [entry]), ["reviewed"])


if __name__ == "__main__":
    unittest.main()
