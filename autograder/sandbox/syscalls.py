"""The kernel's calls that the filter knows: their numbers, and what is to become of them.

Source: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux 6.12.
"""

from enum import StrEnum

LAST = 462
"""The newest call that was judged when this was written (mseal, Linux 6.10)."""


class Fate(StrEnum):
    """What becomes of a call; the last four only where a submission has no namespaces of its own."""

    LOOKED_AT = "looked-at"  # its arguments decide
    NEVER = "never"  # no notebook needs it
    NEXT = "next"  # refused as unknown, upon which the C library takes the call that went before it
    ALONE = "alone"  # would reach the user's other processes, or what is theirs
    ABSENT = "absent"  # as on a file system that has no attributes: copying a file goes on without
    PRETEND = "pretend"  # done without effect: Landlock does not mind it, and unpacking files cannot do without
    BOUNDED = "bounded"  # refused only if Landlock is too old to mind it


# Of the calls refused always, some would hold memory that no process is charged with (memfd, System V, vmsplice), some
# reach into other processes, some make namespaces or mounts, and some are there for administrators.
_TABLE = """
_sysctl 156 - never
accept 43 202 alone
accept4 288 242 alone
acct 163 89 never
add_key 248 217 never
adjtimex 159 171 never
bind 49 200 alone
bpf 321 280 never
chmod 90 - pretend
chown 92 - alone
chroot 161 51 never
clock_adjtime 305 266 never
clock_settime 227 112 never
clone 56 220 looked-at
clone3 435 435 next
connect 42 203 alone
delete_module 176 106 never
fanotify_init 300 262 never
fchmod 91 52 pretend
fchmodat 268 53 pretend
fchmodat2 452 452 pretend
fchown 93 55 alone
fchownat 260 54 alone
fcntl 72 25 looked-at
finit_module 313 273 never
fork 57 - alone
fremovexattr 199 16 absent
fsconfig 431 431 never
fsetxattr 190 7 absent
fsmount 432 432 never
fsopen 430 430 never
fspick 433 433 never
futimesat 261 - pretend
init_module 175 105 never
inotify_add_watch 254 27 alone
inotify_init 253 - alone
inotify_init1 294 26 alone
io_uring_enter 426 426 never
io_uring_register 427 427 never
io_uring_setup 425 425 never
ioctl 16 29 looked-at
ioperm 173 - never
iopl 172 - never
ioprio_set 251 30 alone
kcmp 312 272 never
kexec_file_load 320 294 never
kexec_load 246 104 never
keyctl 250 219 never
kill 62 129 looked-at
lchown 94 - alone
listen 50 201 alone
listmount 458 458 never
lookup_dcookie 212 18 never
lremovexattr 198 15 absent
lsetxattr 189 6 absent
memfd_create 319 279 never
memfd_secret 447 447 never
migrate_pages 256 238 never
mmap 9 222 looked-at
modify_ldt 154 - never
mount 165 40 never
mount_setattr 442 442 never
move_mount 429 429 never
move_pages 279 239 never
mq_open 240 180 alone
mq_unlink 241 181 alone
msgctl 71 187 never
msgget 68 186 never
msgrcv 70 188 never
msgsnd 69 189 never
name_to_handle_at 303 264 never
open_by_handle_at 304 265 never
open_tree 428 428 never
perf_event_open 298 241 never
personality 135 92 never
pidfd_getfd 438 438 never
pidfd_open 434 434 alone
pidfd_send_signal 424 424 alone
pivot_root 155 41 never
prctl 157 167 looked-at
prlimit64 302 261 looked-at
process_madvise 440 440 never
process_mrelease 448 448 never
process_vm_readv 310 270 never
process_vm_writev 311 271 never
ptrace 101 117 never
quotactl 179 60 never
quotactl_fd 443 443 never
reboot 169 142 never
removexattr 197 14 absent
request_key 249 218 never
rt_sigqueueinfo 129 138 looked-at
rt_tgsigqueueinfo 297 240 looked-at
sched_setaffinity 203 122 looked-at
sched_setattr 314 274 looked-at
sched_setparam 142 118 looked-at
sched_setscheduler 144 119 looked-at
semctl 66 191 never
semget 64 190 never
semop 65 193 never
semtimedop 220 192 never
setdomainname 171 162 never
sethostname 170 161 never
setns 308 268 never
setpriority 141 140 looked-at
settimeofday 164 170 never
setxattr 188 5 absent
shmat 30 196 never
shmctl 31 195 never
shmdt 67 197 never
shmget 29 194 never
socket 41 198 alone
socketpair 53 199 looked-at
statmount 457 457 never
swapoff 168 225 never
swapon 167 224 never
sysfs 139 - never
syslog 103 116 never
tgkill 234 131 looked-at
tkill 200 130 alone
truncate 76 45 bounded
umount2 166 39 never
unshare 272 97 never
uselib 134 - never
userfaultfd 323 282 never
ustat 136 - never
utime 132 - pretend
utimensat 280 88 pretend
utimes 235 - pretend
vfork 58 - alone
vhangup 153 58 never
vmsplice 278 75 never
"""
"""Each line: a call, its number on x86_64 and on aarch64 (- where there is none), and its fate."""

MACHINES = ("x86_64", "aarch64")

SECCOMP = {"x86_64": 317, "aarch64": 277}


def calls(machine: str) -> dict[str, tuple[int, Fate]]:
    """Return the calls of a machine: their numbers and fates, by name.

    Args:
        machine: one of MACHINES.
    """
    column = 1 + MACHINES.index(machine)
    rows = [line.split() for line in _TABLE.split("\n") if line]
    return {row[0]: (int(row[column]), Fate(row[3])) for row in rows if row[column] != "-"}
