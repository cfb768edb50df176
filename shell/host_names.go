package shell

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"netql/query/schema"
)

// longestHostFile bounds how much of a file of ssh is read for completion.
const longestHostFile = 1 << 20

// sshHosts are the names of hosts that ssh knows for this user, for completion: those of Host lines in its
// configuration, without patterns, and those of known_hosts, where they are not hashed.
func sshHosts() (names []string) {
	add := func(name string) {
		if name != "" && !strings.ContainsAny(name, "*?!|[,@") && schema.Visible(name) == name {
			names = append(names, name)
		}
	}
	for _, fields := range sshLines("~/.ssh/config", "/etc/ssh/ssh_config") {
		if strings.EqualFold(fields[0], "Host") {
			for _, name := range fields[1:] {
				add(name)
			}
		}
	}
	for _, fields := range sshLines("~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts") {
		for name := range strings.SplitSeq(fields[0], ",") {
			add(name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sshLines are the words of the lines of some files, without comments. A file that cannot be read has none.
func sshLines(paths ...string) (lines [][]string) {
	for _, path := range paths {
		file, err := os.Open(filepath.Clean(expandHome(path)))
		if err != nil {
			continue
		}
		scanner := bufio.NewScanner(io.LimitReader(file, longestHostFile))
		for scanner.Scan() {
			line := strings.TrimSpace(strings.Replace(scanner.Text(), "=", " ", 1)) // Host = NAME says the same
			if fields := strings.Fields(line); len(fields) > 0 && !strings.HasPrefix(line, "#") {
				lines = append(lines, fields)
			}
		}
		file.Close()
	}
	return lines
}

// continuedHosts are the ways to go on with a list of hosts, as --hosts takes it: with a name for its last part, or
// with a file behind an @.
func continuedHosts(typed string) (lists []string) {
	last := strings.LastIndexByte(typed, ',') + 1
	before, part := typed[:last], typed[last:]
	if path, ok := strings.CutPrefix(part, "@"); ok {
		for _, file := range filesFrom(path) {
			lists = append(lists, before+"@"+file)
		}
		return lists
	}
	user := strings.LastIndexByte(part, '@') + 1
	for _, name := range sshHosts() {
		if strings.HasPrefix(name, part[user:]) {
			lists = append(lists, before+part[:user]+name)
		}
	}
	return lists
}
