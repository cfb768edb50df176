package procfs

import (
	"bytes"
	"fmt"
	"strconv"

	"netql/sources/vfs"
)

// Stat is a part of /proc/PID/stat (proc_pid_stat(5)).
type Stat struct {
	PID       int
	Command   string // the name of the executable or as the process set it; up to 15 bytes of any value but NUL
	State     byte   // R, S, D, Z, T, I ...
	PPID      int
	Session   int
	Kernel    bool // a thread of the kernel
	Threads   int
	StartTime uint64 // after boot, in hundredths of a second
}

// ReadStat reads /proc/PID/stat.
func ReadStat(files vfs.Files, pid int) (Stat, error) {
	return parseBytes(files, fmt.Sprintf("/proc/%d/stat", pid), ParseStat)
}

// The fields behind the command, counted from the state.
const (
	statParent  = 1
	statSession = 3
	statFlags   = 6
	statThreads = 17
	statStart   = 19
)

// kernelThread is PF_KTHREAD of linux/sched.h.
const kernelThread = 0x00200000

// ParseStat reads the text of such a file. The command is in parentheses and may hold parentheses, spaces and line
// ends itself, so that it ends at the last one.
func ParseStat(b []byte) (Stat, error) {
	first, last := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
	if first < 0 || last < first {
		return Stat{}, fmt.Errorf("no command in parentheses: %.100q", b)
	}
	fields := bytes.Fields(b[last+1:])
	if len(fields) <= statStart || len(fields[0]) != 1 {
		return Stat{}, fmt.Errorf("%d fields behind the command: %.400q", len(fields), b)
	}
	s := Stat{Command: string(b[first+1 : last]), State: fields[0][0]}
	var flags uint64
	for _, f := range []struct {
		text []byte
		to   any
	}{
		{bytes.TrimSpace(b[:first]), &s.PID},
		{fields[statParent], &s.PPID},
		{fields[statSession], &s.Session},
		{fields[statFlags], &flags},
		{fields[statThreads], &s.Threads},
		{fields[statStart], &s.StartTime},
	} {
		if err := decimal(f.to, string(f.text)); err != nil {
			return Stat{}, fmt.Errorf("%w: %.400q", err, b)
		}
	}
	s.Kernel = flags&kernelThread != 0
	return s, nil
}

func decimal(to any, text string) (err error) {
	switch to := to.(type) {
	case *int:
		*to, err = strconv.Atoi(text)
	case *uint64:
		*to, err = strconv.ParseUint(text, 10, 64)
	}
	return err
}
