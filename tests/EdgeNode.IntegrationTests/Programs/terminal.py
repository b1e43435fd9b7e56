"""Runs a program in a terminal of its own: terminal.py DIALOGUE PROGRAM ARGUMENT...

DIALOGUE is a JSON list of [words, keys]: when the program has shown the words, since those before, the keys are typed. Words between
slashes are a regular expression.
What it shows is printed without the terminal's control sequences; the exit status is the program's. A program that ends
before the dialogue does is status 99.
"""

import fcntl
import json
import os
import pty
import re
import struct
import sys
import termios

CONTROL = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[()][A-Z0-9]|[=>78])|\r")



def expression(words):
    return re.compile(words[1:-1] if len(words) > 2 and words[0] == words[-1] == "/" else re.escape(words))


dialogue = [(expression(words), keys) for words, keys in json.loads(sys.argv[1])]
process, terminal = pty.fork()
if process == 0:
    os.environ.setdefault("TERM", "xterm")
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 400, 0, 0))
shown, printed, read_to = "", 0, 0
raw = b""
while True:
    try:
        more = os.read(terminal, 65536)
    except OSError:  # the program has ended, and with it its side of the terminal
        more = b""
    if not more:
        break
    raw += more
    shown = CONTROL.sub("", raw.decode(errors="replace"))
    while dialogue and (found := dialogue[0][0].search(shown, read_to)):
        read_to = found.end()
        os.write(terminal, dialogue[0][1].encode())
        dialogue.pop(0)
    lines_end = shown.rfind("\n") + 1
    if lines_end > printed:
        sys.stdout.write(shown[printed:lines_end])
        sys.stdout.flush()
        printed = lines_end
sys.stdout.write(shown[printed:])
if b"\x1b[?25l" in raw and raw.rfind(b"\x1b[?25l") > raw.rfind(b"\x1b[?25h"):
    print("\nThe cursor stays hidden.")
status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
if dialogue:
    print(f"\nThe program ended before it showed: {dialogue[0][0].pattern}")
    sys.exit(99)
sys.exit(status)
