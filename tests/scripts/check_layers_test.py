#!/usr/bin/env python3
"""The layering check finds what it is there to find, and nothing in this project."""

import sys
import tempfile
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "scripts"))
import check_layers  # noqa: E402

ROOMS = """
# gainstage_room(ghost USES nothing) is a comment
gainstage_room(core LIBRARIES Threads::Threads)
gainstage_room(dsp USES core LIBRARIES PkgConfig::HWY)
gainstage_room(rig USES dsp)
gainstage_room(recorder
  USES core)
"""


class CheckLayers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.write("src/CMakeLists.txt", ROOMS)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def problems(self):
        return check_layers.problems_in(self.root)

    def test_allows_itself_what_is_named_and_whatever_that_uses(self):
        self.write("src/rig/rig.cpp", '#include "rig/rig.h"\n#include "dsp/delay.h"\n#include "core/units.h"\n#include <map>\n')
        self.write("src/app/main.cpp", '#include "recorder/take.h"\n#include "bench/bench.h"\n')
        self.write("bench/rig_cases.cpp", '#include "rig/rig.h"\n')
        self.assertEqual(self.problems(), [])

    def test_finds_an_include_upwards_and_names_its_line(self):
        self.write("src/core/units.h", '#pragma once\n\n#include "dsp/delay.h"\n')
        self.assertEqual(self.problems(), ["src/core/units.h:3: core/ may not include dsp/"])

    def test_finds_an_include_sideways_however_it_is_written(self):
        for include in ('#include "rig/rig.h"', '#include <rig/rig.h>', '  #  include "rig/rig.h"'):
            self.write("src/recorder/take.cpp", include + "\n")
            self.assertEqual(self.problems(), ["src/recorder/take.cpp:1: recorder/ may not include rig/"], include)

    def test_finds_a_room_that_reaches_for_the_program(self):
        self.write("src/rig/rig.cpp", '#include "app/run.h"\n#include "bench/case.h"\n')
        self.assertEqual(len(self.problems()), 2)

    def test_finds_an_include_that_hides_its_room(self):
        self.write("src/rig/rig.cpp", '#include "../core/units.h"\n#include "units.h"\n')
        self.assertEqual(len(self.problems()), 2)

    def test_finds_a_folder_that_is_no_room(self):
        self.write("src/utils/strings.cpp", "\n")
        self.assertEqual(self.problems(), ["src/utils: is no room in src/CMakeLists.txt"])

    def test_finds_circles_and_unknown_rooms(self):
        self.write("src/CMakeLists.txt", "gainstage_room(a USES b)\ngainstage_room(b USES a)\n")
        self.assertIn("circle", self.problems()[0])
        self.write("src/CMakeLists.txt", "gainstage_room(a USES b)\n")
        self.assertEqual(self.problems(), ["a uses b, which is no room"])

    def test_finds_a_file_of_more_than_400_lines(self):
        self.write("src/core/long.cpp", "\n" * 400)
        self.assertEqual(self.problems(), [])
        self.write("tests/core/long_test.cpp", "\n" * 401)
        self.assertEqual(len(self.problems()), 1)

    def test_finds_nothing_in_this_project(self):
        self.assertEqual(check_layers.problems_in(PROJECT), [])


if __name__ == "__main__":
    unittest.main()
