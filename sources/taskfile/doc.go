// Package taskfile lists the sockets that processes have open, by a BPF program that the kernel runs for each open file
// of each task. That takes a tenth of the time of a walk over /proc/*/fd, and a right that few users have.
//
// The kernel has iterators for BPF programs (Documentation/bpf/bpf_iterators.rst): a program of type
// BPF_PROG_TYPE_TRACING that is attached to the kernel's function bpf_iter_task_file is called for each file, and what
// it writes into a seq_file is read from a file descriptor, as that of /proc are. The steps are:
//
//  1. Find out whether it may work (allowed.go). Where it may not, the caller walks over /proc.
//  2. Look up, in the kernel's type information (btf.go, layout.go), the number of bpf_iter_task_file and the offsets
//     of the few structure members that the program reads, which differ from kernel to kernel.
//  3. Make a program of them (program.go): about 30 instructions, which write a record for each file of the file system
//     of sockets (sockfs) and skip all others.
//  4. Load it, attach it and open an iterator: three calls of bpf(2), which give three file descriptors (kernel.go).
//     What was loaded is gone when these are closed.
//  5. Read the records (record.go).
//
// Linux has all of this since 5.8; since 5.11 without a lock that made it slow. Any step may fail, on an old kernel, on
// one without BTF or in lockdown, or where a security module objects. The caller then walks over /proc, so that errors
// here cost time only.
//
// What is listed is exactly what a walk over /proc sees: a socket is what /proc/PID/fd shows as socket:[INODE], a file
// on sockfs. That includes those that were opened with O_PATH, which the helper bpf_sock_from_file does not count.
// Threads that share the file descriptors of their process are not listed beside it; one that has its own is, and so is
// each thread of a process whose first thread has exited. A process may therefore have the same socket more than once
// under the same number.
package taskfile
