package containers

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"
	"time"
)

// machinesDir has a file for each machine that systemd-machined knows (machine_save in systemd's
// src/machine/machine.c), beside links to them.
const machinesDir = "/run/systemd/machines"

// machineKeys are the lines that are read of such a file. SCOPE is the unit. SUBGROUP is the path below it, without a
// slash before it (cg_path_get_unit_full of src/basic/cgroup-util.c), where the machine has a part of the unit alone;
// systemd writes it since it has user machines.
var machineKeys = []string{"NAME=", "SCOPE=", "SUBGROUP=", "CLASS=", "REALTIME="}

// A machine is such a file: of a container, or of a virtual machine.
type machine struct {
	Container
	unit, subgroup, class string
}

// parseMachine reads such a file: lines of shell-like assignments (env-file.c).
func parseMachine(data []byte) machine {
	var m machine
	m.Runtime = RuntimeNspawn
	for line := range lines(data) {
		key, value, _ := strings.Cut(line, "=")
		value = unquoted(value)
		switch key {
		case "NAME":
			m.ID, m.Name = value, value
		case "SCOPE":
			m.unit = value
		case "SUBGROUP":
			m.subgroup = value
		case "CLASS":
			m.class = value
		case "REALTIME": // microseconds since the epoch
			if n, err := strconv.ParseInt(value, 10, 64); err == nil && n > 0 {
				m.Created = time.UnixMicro(n)
			}
		}
	}
	return m
}

// unquoted is a value without quotes, and with the characters that cescape and shell_escape of systemd put a backslash
// before, of which \xNN is one that a unit's name may have.
func unquoted(value string) string {
	value = strings.Trim(value, `"'`)
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' && i+1 < len(value) {
			i++
		}
		b.WriteByte(value[i])
	}
	return b.String()
}

// lines yields the lines of a text, of which a long one ends them.
func lines(data []byte) func(func(string) bool) {
	return func(yield func(string) bool) {
		for scanner := bufio.NewScanner(bytes.NewReader(data)); scanner.Scan(); {
			if !yield(strings.TrimSpace(scanner.Text())) {
				return
			}
		}
	}
}
