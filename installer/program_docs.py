#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usage: program_docs.py PROGRAM SHARE
Writes what --help of a program says as a man page and as completions of bash, zsh and fish below SHARE (man/man1,
bash-completion/completions, zsh/site-functions, fish/vendor_completions.d). PROGRAM is run with --help and --version."""
import gzip
import os
import pathlib
import re
import subprocess
import sys


def run(*command):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def parse(text):
    """Head, usage, and by the name of its section each entry's (term, description)."""
    head, sections, name, entries = [], {}, None, []
    usage = ""
    for line in text.splitlines():
        section = re.match(r"^([A-Z][A-Za-z ]*):$", line)
        entry = re.match(r"^  (\S.*?)(?:\s{2,}(\S.*))?$", line)
        if line.startswith("Usage: "):
            usage = line[7:]
        elif section:
            name = section.group(1)
            entries = sections.setdefault(name, [])
        elif name is None:
            head.append(line)
        elif not line.strip():
            continue
        elif line.startswith(" " * 20) and entries:
            entries[-1][1] = (entries[-1][1] + " " + line.strip()).strip()
        elif entry:
            entries.append([entry.group(1), entry.group(2) or ""])
        else:
            sections.setdefault("Notes", []).append([line, ""])
    return " ".join(head).strip(), usage, sections


def options(sections):
    """(names, fixed values, whether a value follows, description) of each option."""
    found = []
    for term, text in sections.get("Options", []):
        names = [n for n in re.split(r"[,\s]+", term) if re.match(r"^-{1,2}[A-Za-z]", n)]
        names = [re.sub(r"[=:].*", "", n) for n in names]
        values = re.search(r"\{([^}]*)\}", term)
        takes = bool(re.search(r"\s[A-Z]{3,}", term))
        found.append((names, values.group(1).split(",") if values else [], takes, text))
    return found


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


def man_entries(entries):
    lines = []
    for term, text in entries:
        lines += [".TP", f".B {roff(term)}", roff(text) or "\\&"]
    return lines


def man_page(name, version, top, subcommands):
    head, usage, sections = top
    summary = head.split(".")[0].split(":")[0]
    lines = [f'.TH {name.upper()} 1 "" "{version}" "User Commands"', ".SH NAME", f"{name} \\- {roff(summary)}"]
    lines += [".SH SYNOPSIS", f".B {roff(usage)}", ".SH DESCRIPTION", roff(head)]
    for section in ("Positionals", "Options"):
        if section in sections:
            lines += [f".SH {section.upper()}"] + man_entries(sections[section])
    if subcommands:
        lines += [".SH SUBCOMMANDS"]
        for sub, (text, use, parts) in subcommands.items():
            lines += [f".SS {sub}", roff(text), ".PP", f".B {roff(use)}"]
            for section in ("Positionals", "Options"):
                lines += man_entries(e for e in parts.get(section, []) if not e[0].startswith("-h,"))
    if "Examples" in sections:
        lines += [".SH EXAMPLES", ".nf"]
        lines += [roff((t + "   " + d).rstrip()) for t, d in sections["Examples"]] + [".fi"]
    notes = [t for t, _ in sections.get("Notes", [])]
    if notes:
        lines += [".SH EXIT STATUS"] + [roff(t) for t in notes]
    return "\n".join(lines) + "\n"


def words(parts):
    return [n for names, *_ in options(parts) for n in names]


def bash(name, top, subcommands):
    function = "_" + name.replace("-", "_")
    cases, values = [], {}
    for sub, (_, _, parts) in {"": top, **subcommands}.items():
        cases.append(f'    {sub or "*"}) words="{" ".join(words(parts) + ([] if sub else list(subcommands)))}" ;;')
        for names, fixed, _, _ in options(parts):
            if fixed:
                values["|".join(names)] = " ".join(fixed)
    cases = cases[1:] + cases[:1]
    value_cases = [f'    {n}) COMPREPLY=($(compgen -W "{v}" -- "$cur")); return ;;' for n, v in values.items()]
    return "\n".join([f"# bash completion of {name}", f"{function}() {{",
                      '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words',
                      '  case $prev in', *value_cases, "  esac", '  case ${COMP_WORDS[1]} in', *cases, "  esac",
                      '  COMPREPLY=($(compgen -W "$words" -- "$cur"))', "}",
                      f"complete -o default -F {function} {name}"]) + "\n"


def quoted(text):
    return text.replace("'", "'\\''").replace("[", "(").replace("]", ")").replace(":", "\\:")


def zsh(name, top, subcommands):
    def arguments(parts):
        lines = []
        for names, fixed, takes, text in options(parts):
            value = f": :({' '.join(fixed)})" if fixed else (": :_files" if takes else "")
            lines += [f"    '{n}[{quoted(text)}]{value}'" for n in names]
        return lines + ["    '*: :_files'"]

    lines = [f"#compdef {name}", ""]
    if subcommands:
        lines += ["if (( CURRENT == 2 )); then", "  local -a commands=("]
        lines += [f"    '{s}:{quoted(t)}'" for s, (t, *_) in subcommands.items()]
        lines += ["  )", "  _describe command commands", "  return", "fi", "local command=$words[2]", "shift words",
                  "(( CURRENT-- ))", "case $command in"]
        for sub, (_, _, parts) in subcommands.items():
            lines += [f"  {sub}) _arguments \\", " \\\n".join(arguments(parts)), "  ;;"]
        lines += ["esac"]
    else:
        lines += ["_arguments \\", " \\\n".join(arguments(top[2]))]
    return "\n".join(lines) + "\n"


def fish(name, top, subcommands):
    def text_of(text):
        return text.replace("\\", "\\\\").replace("'", "\\'")

    lines = []
    for sub, (text, _, _) in subcommands.items():
        lines.append(f"complete -c {name} -n __fish_use_subcommand -f -a {sub} -d '{text_of(text)}'")
    for sub, (_, _, parts) in {"": top, **subcommands}.items():
        condition = f" -n '__fish_seen_subcommand_from {sub}'" if sub else ""
        for names, fixed, takes, text in options(parts):
            flags = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in names)
            value = f" -x -a '{' '.join(fixed)}'" if fixed else (" -r" if takes else "")
            lines.append(f"complete -c {name}{condition} {flags}{value} -d '{text_of(text)}'")
    return "\n".join(lines) + "\n"


def main():
    program, share = sys.argv[1], pathlib.Path(sys.argv[2])
    name = pathlib.Path(program).name
    version = run(program, "--version").strip()
    top = parse(run(program, "--help"))
    subcommands = {sub: parse(run(program, sub, "--help")) for sub, _ in top[2].get("Subcommands", [])}
    files = {f"bash-completion/completions/{name}": bash(name, top, subcommands),
             f"zsh/site-functions/_{name}": zsh(name, top, subcommands),
             f"fish/vendor_completions.d/{name}.fish": fish(name, top, subcommands)}
    for path, text in files.items():
        target = share / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    page = share / "man/man1" / f"{name}.1.gz"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(gzip.compress(man_page(name, version, top, subcommands).encode(), mtime=0))


if __name__ == "__main__":
    main()
