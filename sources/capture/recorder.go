package capture

import (
	"context"
	"strings"
	"time"

	"netql/sources"
	"netql/sources/containers"
	"netql/sources/vfs"
)

// A Recorder records what is read over its System, and writes it into a file.
type Recorder struct {
	system *sources.System
	facts  *facts
	began  time.Time

	redacted bool
}

// NewRecorder begins to record a network stack. The context is that of the whole recording.
func NewRecorder(ctx context.Context, stack *sources.System) *Recorder {
	f := newFacts()
	r := &Recorder{
		system: &sources.System{
			Name:    stack.Name,
			Netlink: &recording{stack: stack.Netlink, facts: f},
			Files:   factFiles{&recordingFiles{files: containers.Files{Files: stack.Files}, known: f.files}},
			Owners:  newRecordingOwners(ctx, stack.Owners, f.owners),
			PID:     stack.PID,
			Advice:  stack.Advice,
		},
		facts: f,
		began: time.Now(),
	}
	if stack.Ethtool != nil {
		r.system.Ethtool = &recordingDevices{stack: stack.Ethtool, known: f.devices}
	}
	_, _ = vfs.ReadFile(r.system.Files, "/etc/protocols") // functions of queries read it, and no table does
	return r
}

// System passes requests on to the stack. What is read over it will be in the capture.
func (r *Recorder) System() *sources.System { return r.system }

// Manifest describes what has been recorded up to now.
func (r *Recorder) Manifest(version string, warnings []string) Manifest {
	m := Manifest{
		Time: r.began, Duration: time.Since(r.began).Seconds(), Netql: version, Warnings: warnings,
		ByteOrder: byteOrder(), Redacted: r.redacted, PID: r.system.PID,
	}
	m.Host, m.Kernel, m.Namespace = r.identity()
	return m
}

// identity reads the system's host name, kernel release and network namespace; "" for what cannot be read.
func (r *Recorder) identity() (host, kernel, namespace string) {
	if n, err := r.system.Namespace(); err == nil {
		namespace = n.String()
	}
	return r.line("/proc/sys/kernel/hostname"), r.line("/proc/sys/kernel/osrelease"), namespace
}

// line is the text of a file of one line; "" if it cannot be read.
func (r *Recorder) line(name string) string {
	text, _ := vfs.ReadFile(r.system.Files, name)
	return strings.TrimSpace(string(text))
}
