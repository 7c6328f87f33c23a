#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: untranslated.py FILE.ts
Lists what a translation lacks or has wrong: no text, other %1 or %n than the source, another number of line breaks or
mnemonics. Exit code 1 when there is any."""
import re
import sys
import xml.etree.ElementTree as ElementTree

PLACES = re.compile(r"%(?:L?\d+|n)")


def main():
    faults = count = 0
    for context in ElementTree.parse(sys.argv[1]).getroot().iter("context"):
        for message in context.iter("message"):
            source = message.findtext("source") or ""
            translation = message.find("translation")
            if translation.get("type") in ("vanished", "obsolete"):
                continue  # kept for the case that the text comes back
            texts = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            count += 1
            where = f"{context.findtext('name')}: {source!r}"
            for text in texts:
                wrong = None
                if translation.get("type") == "unfinished" or not text.strip():
                    wrong = "not translated"
                elif sorted(set(PLACES.findall(source))) != sorted(set(PLACES.findall(text))):
                    wrong = f"other places for values: {text!r}"
                elif source.count("\n") != text.count("\n"):
                    wrong = f"another number of lines: {text!r}"
                elif len(re.findall(r"&[^& ]", source)) != len(re.findall(r"&[^& ]", text)) and "<" not in source:
                    wrong = f"another number of mnemonics: {text!r}"
                if wrong:
                    print(f"{sys.argv[1]}: {where}: {wrong}", file=sys.stderr)
                    faults += 1
    print(f"{sys.argv[1]}: {count} texts, {faults} faults", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
