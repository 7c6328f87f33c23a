#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: newcomer.py BITFRONTIER_GUI [DRAG_SOURCE] [--pending STEP]
A newcomer's first minutes with a real mouse and keyboard (xdotool) in a virtual screen: start, launch 12 cells of the pocket
suite, watch points appear, ask for the best model for 2 MB, read why, exclude a point with a reason, undo, export an ICML
figure, drop it back. Widgets are found by their object names: the program writes where they are (BITFRONTIER_WIDGETS).
Exit code 77 with one line where Xvfb, xdotool or openbox is missing. A step whose widgets the window does not have is a
failure, but for those named by --pending STEP, which are said and passed over. Screenshots of a failure are kept in the
folder that is printed."""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

PATIENCE = 180  # seconds for one wait: says that the program hangs, not how fast it is


class Failed(Exception):
    pass


class NotThere(Exception):
    pass


class Screen:
    """The program in its virtual screen, and hands to use it."""

    def __init__(self, program, folder):
        self.folder = folder
        self.report_file = folder / "widgets.json"
        self.children = []
        read, write = os.pipe()
        self.start("Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp", pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as answer:  # number and newline come apart
            number = answer.readline().strip()
        if not number:
            raise Failed("Xvfb did not start")
        self.environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "HOME": str(folder / "home"),
                            "BITFRONTIER_WIDGETS": str(self.report_file), "LC_ALL": "C.UTF-8"}
        for name in ("config", "data", "cache", "state"):
            self.environment[f"XDG_{name.upper()}_HOME"] = str(folder / name)
        (folder / "home").mkdir()
        self.start("openbox", "--sm-disable", env=self.environment)
        self.program = self.start(program, env=self.environment)

    def start(self, *command, **options):
        log = open(self.folder / f"{pathlib.Path(command[0]).name}.log", "w", encoding="utf-8")
        child = subprocess.Popen(command, stdout=log, stderr=log, **options)
        self.children.append(child)
        return child

    def close(self):
        for child in reversed(self.children):
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    child.kill()

    # ---- what is seen
    def report(self):
        if self.program.poll() is not None:
            raise Failed(f"the program ended with {self.program.returncode}: "
                         + (self.folder / f"{pathlib.Path(self.program.args[0]).name}.log").read_text()[-600:])
        try:
            return json.loads(self.report_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {"settled": False, "points": 0, "status": "", "widgets": []}

    def find(self, name=None, text=None, kind=None, enabled=None):
        for widget in self.report()["widgets"]:
            if name and widget["name"] != name and not (name.endswith("*") and widget["name"].startswith(name[:-1])):
                continue
            if text and text.lower() not in widget["text"].replace("&", "").lower():
                continue
            if kind and widget["class"] != kind:
                continue
            if enabled is not None and widget["enabled"] != enabled:
                continue
            return widget
        return None

    def wait(self, what, condition, patience=PATIENCE):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.1)
        raise Failed(f"waited in vain for: {what}")

    def wait_for(self, name, **more):
        return self.wait(f"{name} {more or ''}", lambda: self.find(name, **more))

    # ---- hands
    def xdotool(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], check=True, env=self.environment, capture_output=True)

    def click_at(self, place, button=1, left=None):
        x = place["x"] + (left if left is not None else place["width"] / 2)
        self.xdotool("mousemove", "--sync", int(x), int(place["y"] + place["height"] / 2), "click", button)

    def click(self, name, **more):
        self.click_at(self.wait_for(name, enabled=True, **more))

    def key(self, *keys):
        for key in keys:
            self.xdotool("key", "--clearmodifiers", key)
            time.sleep(0.05)

    def type(self, text):
        self.xdotool("type", "--delay", "15", text)

    def items(self, name):
        widget = self.find(name)
        return widget.get("items", []) if widget else []

    def picture(self, name):
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", str(self.folder / name)], env=self.environment, check=False)


def palette(screen, words):
    """Any command by its name: what a newcomer who knows no menu does."""
    screen.key("ctrl+shift+p")
    screen.wait("the palette", lambda: screen.find("paletteEdit") and screen.find("paletteEdit")["focus"])
    screen.type(words)
    screen.wait("what was typed", lambda: (screen.find("paletteEdit") or {}).get("text") == words)
    items = screen.items("paletteList")
    if not items or words.lower() not in items[0]["text"].lower():
        screen.key("Escape")
        screen.wait("no palette", lambda: not screen.find("paletteEdit"))
        raise NotThere(f"no command is called {words}")
    screen.key("Return")
    screen.wait("no palette", lambda: not screen.find("paletteEdit"))


# ---- the steps, in order
def start(screen, _):
    screen.wait_for("mainWindow")
    screen.wait("published points", lambda: screen.report()["settled"] and screen.report()["points"] > 40)


def launch_twelve_cells(screen, _):
    screen.key("ctrl+n")
    screen.wait_for("launchStart")
    tick_only(screen, "launchModels", ["pocket-neox-1", "pocket-opt-1"])
    tick_only(screen, "launchTasks", ["pocket_lambada", "pocket_piqa"])
    tick_boxes(screen, r"bits\d+", {"bits4", "bits8", "bits16"})
    tick_boxes(screen, r"block\w+", {"block64"})
    tick_boxes(screen, r"type_\w+", {"type_int"})
    start_button = screen.wait("a start of 12 cells", lambda: screen.find("launchStart", text="12", enabled=True))
    screen.click_at(start_button)


def tick_only(screen, view, wanted):
    """Leaves only these entries of a list ticked, by clicking on boxes as a person does."""
    screen.wait_for(view)
    for _ in range(60):
        wrong = [i for i in screen.items(view) if i["checked"] != (i["text"] in wanted)]
        if not wrong:
            return
        for item in wrong:
            screen.click_at(item, left=9)
        time.sleep(0.6)  # the next report
    raise Failed(f"{view} cannot be ticked: {screen.items(view)}")


def tick_boxes(screen, pattern, wanted):
    """The same for check boxes with such names."""
    for _ in range(60):
        boxes = [w for w in screen.report()["widgets"] if re.fullmatch(pattern, w["name"]) and w["class"] == "QCheckBox"]
        if not boxes:
            raise NotThere(f"there is no box {pattern}")
        wrong = [b for b in boxes if b["checked"] != (b["name"] in wanted) and b["enabled"]]
        if not wrong:
            return
        for box in wrong:
            screen.click_at(box, left=9)
        time.sleep(0.6)
    raise Failed(f"the boxes {pattern} cannot be ticked")


def watch_points_appear(screen, _):
    screen.wait("own points", lambda: screen.report()["settled"] and 0 < screen.report()["points"] <= 6)
    screen.wait("all six points", lambda: screen.report()["settled"] and screen.report()["points"] == 6)


def ask_for_2_mb(screen, _):
    palette(screen, "Go to Budget")
    edit = screen.wait_for("budgetMemory")
    screen.click_at(edit)
    screen.key("ctrl+a")
    screen.type("2 MB")
    screen.key("Return")
    screen.wait("the best model for 2 MB", lambda: screen.find("budgetSentence", text="2 MB: "))
    if "pocket" not in screen.find("budgetSentence")["text"]:
        raise Failed(f"no model is best for 2 MB: {screen.find('budgetSentence')['text']}")


def read_why(screen, _):
    if not screen.find("budgetPanel"):
        raise NotThere("there is no budget panel")
    screen.wait("how sure that is", lambda: screen.find("budgetFacts", text=" ") or screen.find("budgetNotes", text=" "))
    print(f"  {screen.find('budgetSentence')['text']}", flush=True)


def exclude_and_undo(screen, _):
    plot = screen.wait("the plot", lambda: screen.find(kind="bitfrontier::FrontierPlot") or screen.find("plot"))
    screen.click_at(plot)
    screen.key("Home", "Right", "Return")  # the next point is selected
    before = screen.report()["points"]
    palette(screen, "Exclude points")
    screen.click("excludeReason")
    screen.type("a test of the first minutes")
    screen.click("excludeAccept")
    screen.wait("no dialog", lambda: not screen.find("excludeDialog"))
    screen.wait("the exclusion", lambda: screen.report()["settled"] and
                (screen.find("excludedButton") or screen.report()["points"] == before - 1))
    screen.key("ctrl+z")
    screen.wait("the point back", lambda: screen.report()["settled"] and screen.report()["points"] == before
                and not screen.find("excludedButton"))


def filter_to(screen, text, points):
    screen.key("ctrl+f")
    screen.key("ctrl+a", "Delete")
    screen.type(text)
    screen.wait(f"{points} points", lambda: screen.report()["settled"] and screen.report()["points"] == points)


def export_icml(screen, state):
    filter_to(screen, "bits>=8", 4)
    palette(screen, "Export figure")
    preset = screen.wait_for("exportPreset")
    if "ICML" not in preset["text"]:
        screen.click_at(preset)
        screen.type("ICML, c")
        screen.key("Return")
    screen.wait("the ICML preset", lambda: screen.find("exportPreset", text="ICML"))
    for box, words in (("exportFolder", str(screen.folder)), ("exportName", "figure")):
        screen.click(box)
        screen.key("ctrl+a")
        screen.type(words)
    state["figure"] = screen.folder / "figure.pdf"
    screen.click("exportSave")
    screen.wait("the figure", lambda: state["figure"].exists() and state["figure"].stat().st_size > 1000)
    text = state["figure"].read_bytes()
    if b"/MediaBox [0 0 234 " not in text and b"/MediaBox [0 0 234." not in text:
        raise Failed("the figure is not 234 points wide")


def drop_it_back(screen, state):
    if not state.get("drag_source"):
        raise NotThere("no drag source was given")
    figure = state["figure"]
    while screen.find("exportDialog"):
        screen.key("Escape")
        time.sleep(0.4)
    filter_to(screen, "bits=16", 2)
    source = screen.start(state["drag_source"], str(figure), env=screen.environment)
    time.sleep(2)  # until it is mapped: a foreign window, of which nothing is reported
    target = screen.wait_for("mainWindow")
    x, y = int(target["x"] + target["width"] / 2), int(target["y"] + target["height"] / 3)
    screen.xdotool("mousemove", "--sync", 40, 20, "mousedown", 1)
    for step in range(1, 11):
        screen.xdotool("mousemove", "--sync", 40 + (x - 40) * step // 10, 20 + (y - 20) * step // 10)
        time.sleep(0.08)
    time.sleep(0.5)
    screen.xdotool("mouseup", 1)
    log = screen.folder / "drag_source.log"
    screen.wait("the end of the drag", lambda: source.poll() is not None or re.search("refused|dropped", log.read_text()))
    if "dropped" not in log.read_text():
        raise Failed("the window takes no dropped figure")
    screen.wait("the preview of what was dropped", lambda: screen.find("dropPreview"), patience=20)
    if not screen.find("dropAct"):
        reason = screen.wait_for("dropDetail")["text"].strip()
        screen.click("dropClose")
        raise NotThere(reason)
    screen.click("dropAct")
    screen.wait("the filter of the figure", lambda: (screen.find("filterEdit") or {}).get("text") == "bits>=8")
    screen.wait("its points", lambda: screen.report()["settled"] and screen.report()["points"] == 4)


STEPS = [start, launch_twelve_cells, watch_points_appear, ask_for_2_mb, read_why, exclude_and_undo, export_icml, drop_it_back]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("drag_source", nargs="?")
    parser.add_argument("--pending", action="append", default=[], choices=[step.__name__ for step in STEPS])
    options = parser.parse_args()
    for tool in ("Xvfb", "xdotool", "openbox"):
        if not shutil.which(tool):
            print(f"not run\tnewcomer\tnewcomer\t{tool} is not installed")
            return 77
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bitfrontier-newcomer-"))
    screen = Screen(options.program, folder)
    state = {"drag_source": options.drag_source}
    began = time.monotonic()
    try:
        for step in STEPS:
            at = time.monotonic()
            try:
                step(screen, state)
                print(f"{step.__name__}: done in {time.monotonic() - at:.1f} s", flush=True)
            except NotThere as reason:
                if step.__name__ not in options.pending:
                    raise Failed(str(reason)) from None
                print(f"not run\tnewcomer\t{step.__name__}\t{reason}", flush=True)
    except Failed as reason:
        screen.picture("failure.png")
        print(f"FAILED in {step.__name__}: {reason}\nsee {folder}")
        return 1
    finally:
        screen.close()
    print(f"the whole path: {time.monotonic() - began:.0f} s")
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
