// Package uapi has the constants of the kernel's headers (include/uapi of Linux) that netql reads and that
// golang.org/x/sys/unix lacks, by the names that they have there. One header, one file.
package uapi
