#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves the Hugging Face hub's protocol on this machine, with its faults on request.

usage: hub_server.py [REPO=DIRECTORY]...

Prints two ports, those of the hub and of the storage that it redirects big files to, and ends when its standard input
does. The first part of a path names a scenario, so that HF_ENDPOINT chooses it: http://127.0.0.1:PORT/cut. Scenarios:
  plain                   nothing goes wrong
  cut                     the storage closes the connection after 100,000 bytes, each time
  cut-dead                the same, always after 0 bytes
  unavailable, busy       the first two requests for each address get 503, or 429 with Retry-After: 0
  busy-long               429 with Retry-After: 3600
  timeout                 the first request for each address gets 408
  bad-hash                a byte of big files is wrong
  small-list, big-list    the list states too small or too big a size for big files
  bad-length              the storage states the length of something else
  endless                 the storage sends on and on, without a length
  no-range, no-such-range the storage ignores Range, or answers 416
  wrong-range             the storage answers another range than asked for
  wrong-total             the storage answers with the range of a longer file
  endless-error           the storage answers 503 and a page without end
  no-list                 the list has neither sizes nor hashes, as on mirrors
  no-hash                 nothing has hashes
  loop                    redirects in a circle
  silent                  the storage accepts and never answers
  slow                    the storage sends 20,000 bytes ten times a second
  stalls                  the storage sends 120,000 bytes and then nothing for ten minutes
  garbage                 the list is a web page
  evil                    the list holds names that lead out of their folder
  twice                   the list holds a file twice
  moved                   the answers name another commit
GET /SCENARIO/_log gives the requests so far as JSON.
"""
import hashlib
import http.server
import json
import pathlib
import re
import socket
import socketserver
import sys
import threading
import time

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "hf_secret"
BIG = 50_000  # bytes from which a file is in the storage


def noise(size, seed):
    out = b""
    block = seed.encode()
    while len(out) < size:
        block = hashlib.sha256(block).digest()
        out += block
    return out[:size]


def index(parts):
    return json.dumps({"metadata": {}, "weight_map": {f"t{i}": part for i, part in enumerate(parts)}}).encode()


REPOS = {
    "org/tiny": {
        "README.md": b"# tiny\n",
        ".gitattributes": b"",
        "config.json": b'{"model_type": "gpt2"}\n',
        "tokenizer.json": noise(3000, "tokenizer"),
        "vocab.json": b"{}",
        "model.safetensors": noise(300_000, "safetensors"),
        "pytorch_model.bin": noise(300_100, "bin"),
        "flax_model.msgpack": noise(90_000, "flax"),
        "onnx/model.onnx": noise(90_000, "onnx"),
    },
    "org/parts": {
        "config.json": b"{}\n",
        "merges.txt": b"#version\n",
        "pytorch_model.bin.index.json": index(["pytorch_model_00001-of-00002.bin", "pytorch_model_00002-of-00002.bin"]),
        "pytorch_model_00001-of-00002.bin": noise(60_000, "one"),
        "pytorch_model_00002-of-00002.bin": noise(70_000, "two"),
        "tf_model.h5": noise(60_000, "h5"),
    },
    "org/lacking": {
        "config.json": b"{}\n",
        "model.safetensors.index.json": index(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]),
        "model-00001-of-00002.safetensors": noise(60_000, "one"),
    },
    "org/weightless": {"config.json": b"{}\n", "tf_model.h5": b"h5"},
    "org/huge": {"config.json": b"{}\n", "model.safetensors": noise(60_000, "huge")},
    "org/gated": {"config.json": b"{}\n", "model.safetensors": noise(60_000, "gated")},
    "org/private": {"config.json": b"{}\n", "model.safetensors": noise(60_000, "private")},
}
MOVED = {"old-tiny": "org/tiny"}
BRANCHES = {"main", "refs/pr/1", COMMIT}

log = []
counts = {}
lock = threading.Lock()


def hash_of(data):
    if len(data) >= BIG:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def times(self):
        with lock:
            key = (self.server.name, self.path)
            counts[key] = counts.get(key, 0) + 1
            return counts[key]

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        if "Content_Length" not in headers:
            headers["Content_Length"] = str(len(body))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status, code, message):
        self.answer(status, json.dumps({"error": message}).encode(), X_Error_Code=code, X_Error_Message=message)

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        scenario, _, rest = self.path[1:].partition("/")
        if rest == "_log":
            with lock:
                own = [entry for entry in log if entry["scenario"] == scenario]
            return self.answer(200, json.dumps(own).encode())
        with lock:
            log.append({
                "scenario": scenario, "server": self.server.name, "method": self.command, "path": "/" + rest,
                "range": self.headers.get("Range", ""), "authorization": self.headers.get("Authorization", ""),
                "encoding": self.headers.get("Accept-Encoding", "")})
        try:
            if self.server.name == "storage":
                self.storage(scenario, rest)
            else:
                self.hub(scenario, rest)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    # ---- the hub ------------------------------------------------------------------------------------------------
    def hub(self, scenario, rest):
        times = self.times()
        if scenario == "unavailable" and times <= 2:
            return self.refuse(503, "", "come back later")
        if scenario == "busy" and times <= 2:
            return self.answer(429, Retry_After="0")
        if scenario == "busy-long":
            return self.answer(429, Retry_After="3600")
        if scenario == "timeout" and times <= 1:
            return self.answer(408)
        if scenario == "garbage":
            return self.answer(200, b"<!doctype html><html></html>")
        if scenario == "loop":
            return self.answer(302, Location=self.path)
        api = re.fullmatch(r"api/models/(.+)/revision/([^/?]+)\?blobs=true", rest)
        file = re.fullmatch(r"([^?]+?)/resolve/([^/]+)/(.+)", rest)
        if not api and not file:
            return self.answer(404)
        repo, revision = (api or file).group(1, 2)
        revision = revision.replace("%2F", "/")
        if repo in MOVED:
            return self.answer(307, Location=self.path.replace(repo, MOVED[repo], 1))
        authorized = self.headers.get("Authorization") == "Bearer " + TOKEN
        if repo not in REPOS or (repo == "org/private" and not authorized):
            return self.refuse(401, "RepoNotFound", "Repository not found")
        if repo == "org/gated" and not authorized:
            return self.refuse(401, "GatedRepo", "Access to model org/gated is restricted")
        if revision not in BRANCHES:
            return self.refuse(404, "RevisionNotFound", "Invalid rev id: " + revision)
        files = REPOS[repo]
        if api:
            return self.answer(200, json.dumps(self.listing(scenario, repo, files)).encode())
        path = file.group(3)
        if path not in files:
            return self.refuse(404, "EntryNotFound", "Entry not found")
        data = files[path]
        tag = "" if scenario == "no-hash" else hash_of(data)
        commit = "f" * 40 if scenario == "moved" else COMMIT
        if len(data) < BIG:
            return self.answer(200, data, ETag=f'"{tag}"', X_Repo_Commit=commit)
        host = self.headers["Host"].split(":")[0]
        location = f"http://{host}:{self.server.storage}/{scenario}/{repo}/{path}?signature=x"
        linked = {} if scenario == "small-list" else {"X_Linked_Size": str(len(data))}
        if scenario in ("big-list", "endless"):
            linked = {}
        return self.answer(302, Location=location, ETag='"other"', X_Linked_Etag=f'"{tag}"', X_Repo_Commit=commit,
                           **linked)

    def listing(self, scenario, repo, files):
        siblings = []
        for path, data in files.items():
            entry = {"rfilename": path}
            size = len(data)
            if scenario == "small-list" and size >= BIG:
                size -= 1000
            if scenario == "big-list" and size >= BIG:
                size += 1000
            if repo == "org/huge" and size >= BIG:
                size = 1 << 60
            if scenario not in ("no-list", "no-hash"):
                entry.update(size=size, blobId=hash_of(data) if size < BIG else "0" * 40)
                if size >= BIG:
                    entry["lfs"] = {"sha256": hash_of(data), "size": size, "pointerSize": 133}
            siblings.append(entry)
        if scenario == "evil":
            for path in ("../../../evil.json", "/etc/evil", "a/../../evil", "evil\\..", "./config.json"):
                siblings.insert(0, {"rfilename": path, "size": 4, "blobId": "0" * 40})
        if scenario == "twice":
            siblings.append(dict(siblings[2]))
        return {"id": repo, "sha": COMMIT, "siblings": siblings}

    # ---- the storage --------------------------------------------------------------------------------------------
    def storage(self, scenario, rest):
        if self.headers.get("Authorization"):
            return self.answer(400, b"the token came along")
        repo, path = re.fullmatch(r"([^/]+/[^/]+)/(.+)\?signature=x", rest).group(1, 2)
        data = REPOS[repo][path]
        times = self.times()
        if scenario == "unavailable" and times <= 2:
            return self.answer(500)
        if scenario == "busy" and times <= 2:
            return self.answer(429, Retry_After="0")
        if scenario == "endless-error":
            self.answer(503, Content_Length=str(1 << 50))
            while True:
                self.wfile.write(data)
        if scenario == "silent":
            time.sleep(30)
            return None
        if scenario == "bad-hash":
            data = data[:1000] + bytes([data[1000] ^ 1]) + data[1001:]
        first = 0
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if wanted and scenario == "no-such-range":
            return self.answer(416, Content_Range=f"bytes */{len(data)}")
        if wanted and scenario != "no-range":
            first = int(wanted.group(1))
        content = data[first:]
        self.send_response(206 if first else 200)
        if first:
            shown = first + 7 if scenario == "wrong-range" else first
            total = len(data) + (9 if scenario == "wrong-total" else 0)
            self.send_header("Content-Range", f"bytes {shown}-{len(data) - 1}/{total}")
        if scenario == "bad-length":
            self.send_header("Content-Length", str(len(content) + 5))
        elif scenario in ("endless", "big-list", "small-list"):
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if scenario in ("cut", "cut-dead"):
            self.wfile.write(content[:100_000 if scenario == "cut" else 0])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif scenario == "slow":
            for at in range(0, len(content), 20_000):
                self.wfile.write(content[at:at + 20_000])
                self.wfile.flush()
                time.sleep(0.1)
        elif scenario == "stalls":
            self.wfile.write(content[:120_000])
            self.wfile.flush()
            time.sleep(600)
        elif scenario == "endless":
            while True:
                self.wfile.write(content)
        else:
            self.wfile.write(content)
            if scenario in ("big-list", "small-list"):
                self.close_connection = True
        return None


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def __init__(self, name):
        super().__init__(("127.0.0.1", 0), Handler)
        self.name = name
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # the tests' clients hang up in the middle


def main():
    for argument in sys.argv[1:]:
        repo, directory = argument.split("=", 1)
        REPOS[repo] = {p.name: p.read_bytes() for p in pathlib.Path(directory).iterdir() if p.is_file()}
    storage = Server("storage")
    hub = Server("hub")
    hub.storage = storage.server_port
    print(hub.server_port, storage.server_port, flush=True)
    sys.stdin.read()


main()
