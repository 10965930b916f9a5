#!/usr/bin/env python3
"""Who may include whom. Reads the rooms from src/CMakeLists.txt and every #include in src/ and bench/, and fails on one
that the list does not allow (what a room's rooms use is allowed too). Also fails on files of more than 400 lines.

Usage: check_layers.py [ROOT]
"""

import re
import sys
from pathlib import Path

MAX_LINES = 400
# Longer files, each with its reason.
LONG_FILES = {}

ROOM = re.compile(r"gainstage_room\(\s*([^)]*)\)", re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*["<]([a-z_0-9]+)/[^">]+[">]', re.M)
UNUSUAL = re.compile(r'^[ \t]*#[ \t]*include[ \t]*("[^"/]+"|"[^"]*\.\./[^"]*")', re.M)


def rooms_of(text):
    """{room: rooms it names} from gainstage_room(NAME USES room... LIBRARIES target...)."""
    rooms = {}
    for match in ROOM.finditer(re.sub(r"#.*", "", text)):
        words = match.group(1).split()
        uses, keyword = [], None
        for word in words[1:]:
            if word in ("USES", "LIBRARIES"):
                keyword = word
            elif keyword == "USES":
                uses.append(word)
        rooms[words[0]] = set(uses)
    return rooms


def closure(rooms):
    """{room: itself, the rooms it names and whatever those use}; fails on unknown names and circles."""
    done = {}

    def visit(room, path):
        if room in path:
            raise ValueError("rooms use each other in a circle: " + " -> ".join([*path, room]))
        if room not in rooms:
            raise ValueError(f"{path[-1]} uses {room}, which is no room")
        if room not in done:
            done[room] = {room}.union(*(visit(used, [*path, room]) for used in rooms[room]))
        return done[room]

    for room in rooms:
        visit(room, [])
    return done


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def problems_in(root):
    try:
        allowed = closure(rooms_of((root / "src" / "CMakeLists.txt").read_text()))
    except ValueError as error:
        return [str(error)]
    everything = set(allowed) | {"bench", "app"}
    allowed["bench"] = everything - {"app"}
    allowed["app"] = everything
    problems = []
    folders = [path for path in (root / "src").iterdir() if path.is_dir()] + [root / "bench"]
    for folder in sorted(path for path in folders if path.is_dir()):
        room = folder.name
        if room not in allowed:
            problems.append(f"src/{room}: is no room in src/CMakeLists.txt")
            continue
        for path in sorted([*folder.rglob("*.h"), *folder.rglob("*.cpp")]):
            name, text = path.relative_to(root), path.read_text()
            for match in INCLUDE.finditer(text):
                used = match.group(1)
                if used in everything and used not in allowed[room]:
                    problems.append(f"{name}:{line_of(text, match.start())}: {room}/ may not include {used}/")
            for match in UNUSUAL.finditer(text):
                problems.append(f"{name}:{line_of(text, match.start())}: write the include as \"room/file.h\"")
    for folder in ("src", "bench", "tests"):
        for path in sorted([*(root / folder).rglob("*.h"), *(root / folder).rglob("*.cpp")]):
            name, lines = str(path.relative_to(root)), path.read_text().count("\n")
            if lines > MAX_LINES and name not in LONG_FILES:
                problems.append(f"{name}: {lines} lines, more than {MAX_LINES} (a reason goes in LONG_FILES)")
    return problems


def main(arguments):
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    problems = problems_in(root)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
