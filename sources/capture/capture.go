// Package capture records a network stack into one file and replays it as a sources.System.
//
// The Recorder's System passes every request on to the stack and keeps the answer. So the capture holds what the tables
// that were read over it asked for, and a new table needs no code here. Answers are raw: netlink messages, files,
// directories, links. They are decoded when a query reads them, by the same code as the kernel's.
//
// A query over a capture may ask for less than what was recorded, because its conditions narrow what a table reads.
// Then the wider recorded answer is filtered (narrow.go).
package capture

import (
	"fmt"
	"time"

	"netql/sources"
)

// A Manifest says what a capture is. It is the file's first section, in JSON.
type Manifest struct {
	Time      time.Time `json:"time"`     // when reading began
	Duration  float64   `json:"duration"` // seconds until all was read: two facts may be that far apart in time
	Host      string    `json:"host,omitempty"`
	Kernel    string    `json:"kernel,omitempty"` // its release, as uname -r
	Namespace string    `json:"namespace,omitempty"`
	Netql     string    `json:"netql"`                // the version that wrote it
	PID       int       `json:"pid,omitempty"`        // the number of the process that recorded it
	Redacted  bool      `json:"redacted,omitempty"`   // addresses, names and paths are pseudonyms
	Warnings  []string  `json:"warnings,omitempty"`   // why it is not complete
	ByteOrder string    `json:"byte_order,omitempty"` // of the raw messages
}

// String says in a line where the capture comes from.
func (m Manifest) String() string {
	text := m.Host
	if text == "" {
		text = "unknown host"
	}
	if m.Kernel != "" {
		text += ", Linux " + m.Kernel
	}
	if m.Namespace != "" {
		text += ", namespace " + m.Namespace
	}
	text += ", " + m.Time.Local().Format(time.DateTime)
	if m.Redacted {
		text += ", redacted"
	}
	return text
}

// A Capture is a recorded network stack. It may be read by several goroutines at once.
type Capture struct {
	Manifest Manifest
	name     string
	memory   int
	facts    *facts
}

// Memory is about how many bytes of memory the capture takes while no query reads it.
func (c *Capture) Memory() int { return c.memory }

// System replays the capture. Requests for what it does not hold fail with an error that says so.
func (c *Capture) System() *sources.System {
	system := &sources.System{
		Name:    c.name,
		PID:     c.Manifest.PID,
		Netlink: replay{c.facts},
		Files:   factFiles{replayFiles(c.facts.files)},
		Owners:  c.facts.owners,
	}
	if len(c.facts.devices) > 0 {
		system.Ethtool = c.facts.devices
	}
	return system
}

// facts are all that was recorded of a network stack.
type facts struct {
	answers []*answer
	files   map[string]*fileFacts // by path
	owners  *ownersFact
	devices devices
}

func newFacts() *facts {
	return &facts{files: map[string]*fileFacts{}, owners: &ownersFact{}, devices: devices{}}
}

// notRecorded is the error for what was not asked when the capture was made.
func notRecorded(format string, args ...any) error {
	return fmt.Errorf("the capture does not hold %s", fmt.Sprintf(format, args...))
}
