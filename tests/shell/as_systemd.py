"""Runs a unit's service in a folder with a system the way systemd would, as far as the service can tell, and says what it saw.

Usage: as_systemd.py ROOT UNIT [TOPIC]. Start it in a network namespace of its own (unshare --net), as root. It starts ExecStart as the
unit's user with a notification socket and a watchdog of 4 s, waits for READY=1 and for three WATCHDOG=1, meanwhile reads 40 messages of
the topic, asks for the end by SIGTERM, and prints: the datagrams, 'messages N with faces M', 'status N', and what the service wrote.
"""
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading

PATIENCE = 300  # only says that something hangs
root, unit = sys.argv[1:3]
topic = sys.argv[3] if len(sys.argv) > 3 else None
setting = dict(line.strip().split("=", 1) for line in open(f"{root}/usr/lib/systemd/system/{unit}") if "=" in line and line[0] not in "#[")


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name = b"lo".ljust(16, b"\0")
        flags = struct.unpack("16sh", fcntl.ioctl(any_socket, 0x8913, name + b"\0" * 16)[:18])[1]  # SIOCGIFFLAGS
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", name, flags | 1))  # SIOCSIFFLAGS, IFF_UP


def start(notify):
    user = setting["User"]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "NOTIFY_SOCKET": notify, "WATCHDOG_USEC": "4000000"}
    command = ["chroot", f"--userspec={user}:{setting['Group']}", root, "/bin/sh", "-c",
               f"umask {setting['UMask']}; cd {setting['WorkingDirectory']}; exec {setting['ExecStart']}"]
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def faces():
    lines = subprocess.run(["mosquitto_sub", "-t", topic, "-C", "40", "-W", str(PATIENCE)], capture_output=True, text=True).stdout.splitlines()
    print(f"messages {len(lines)} with faces {sum(bool(json.loads(line)['faces']) for line in lines)}")


raise_loopback()
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(f"{root}/run/notify")
os.chmod(f"{root}/run/notify", 0o666)
listener.settimeout(PATIENCE)
service = start("/run/notify")
output = []
reader = threading.Thread(target=lambda: output.append(service.stdout.read()))
reader.start()
# A service that ends without a word must not be waited for.
threading.Thread(target=lambda: (service.wait(), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"ENDED", f"{root}/run/notify")), daemon=True).start()
fed, asked, ended = 0, False, False
try:
    while not ended:
        said = listener.recv(4096).decode()
        print(said)
        ended = said == "ENDED"
        if said == "READY=1" and topic:
            faces()
        fed += "WATCHDOG=1" in said.split("\n")
        if fed == 3 and not asked:
            service.send_signal(signal.SIGTERM)
            asked = True
except socket.timeout:
    print("silence")
service.kill()
service.wait(PATIENCE)
reader.join(PATIENCE)
print(f"status {service.returncode}")
print("".join(output), end="")
os.unlink(f"{root}/run/notify")
