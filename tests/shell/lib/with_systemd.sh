#!/usr/bin/env bash
# Boots the system in a folder with its own systemd, as process 1 of namespaces of its own, and runs a script there as root:
# with_systemd.sh ROOT SCRIPT. Prints what the script printed and ends with its status; 77 where this machine lets nobody boot one.
# Needs root.
set -u
if [[ $1 != --inside ]]; then
    root=$1
    rm -f "$root/root/boot.out" "$root/root/boot.status"
    cp "$2" "$root/root/boot.sh" || exit
    timeout -k 10 600 unshare --mount --pid --cgroup --ipc --uts --net --fork --kill-child \
        bash "${BASH_SOURCE[0]}" --inside "$root" </dev/null >"$root/root/boot.log" 2>&1
    status=$?
    rm -f "$root"/etc/systemd/system/boot.{service,target}
    if [[ -s $root/root/boot.status ]]; then
        cat "$root/root/boot.out"
        exit "$(<"$root/root/boot.status")"
    fi
    tail -n 20 "$root/root/boot.log"
    echo "The system did not come up ($status)."
    ((status != 77)) || exit 77
    exit 1
fi

root=$2
# A root that is no mount gets no sandbox for its services.
mount --make-rprivate / && mount --bind "$root" "$root" && mount -t proc proc "$root/proc" &&
    mount -t tmpfs -o mode=755 tmpfs "$root/run" && mount --rbind /sys "$root/sys" || exit 77
mount -t tmpfs -o mode=755 tmpfs "$root/dev" && mkdir "$root/dev/pts" "$root/dev/shm" || exit 77
for device in null zero full random urandom tty; do
    touch "$root/dev/$device" && mount --bind "/dev/$device" "$root/dev/$device" || exit 77
done
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" && ln -s pts/ptmx "$root/dev/ptmx" &&
    ln -s /proc/self/fd "$root/dev/fd" || exit 77
if [[ $(stat -f -c %T /sys/fs/cgroup) == cgroup2fs ]]; then
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup" || exit 77
else
    mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup" && mkdir "$root/sys/fs/cgroup/systemd" "$root/sys/fs/cgroup/unified" &&
        mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd" &&
        mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified" || exit 77
fi
cat >"$root/etc/systemd/system/boot.service" <<'END'
[Unit]
After=basic.target
[Service]
Type=oneshot
ExecStart=/bin/bash -c '/bin/bash /root/boot.sh >/root/boot.out 2>&1; echo $? >/root/boot.status'
ExecStopPost=/bin/systemctl --no-block exit
END
cat >"$root/etc/systemd/system/boot.target" <<'END'
[Unit]
Requires=basic.target boot.service
After=basic.target
AllowIsolate=yes
END
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" /lib/systemd/systemd --system --unit=boot.target
