package containers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"netql/sources/vfs"
)

// Files are files of which those of runtimes have only what this package reads of them, in the same format.
type Files struct{ vfs.Files }

// opensRegular opens files whose directories may belong to users, as vfs.Dir does.
type opensRegular interface {
	OpenRegular(path string) (io.ReadCloser, error)
}

// largest is how many bytes are read of a runtime's file: of one container a megabyte, since a command line and an
// environment of execve(2) fit into it, and of all containers of a store more.
const (
	largest      = 1 << 20
	largestStore = 16 << 20
)

var errLarge = errors.New("the file is larger than a runtime makes it")

// Open implements vfs.Files.
func (f Files) Open(name string) (io.ReadCloser, error) {
	kind := kindOf(name)
	if kind == nil {
		return f.Files.Open(name)
	}
	open := f.Files.Open
	if careful, ok := f.Files.(opensRegular); ok {
		open = careful.OpenRegular
	}
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, int64(kind.largest)+1))
	if err == nil && len(data) > kind.largest {
		err = errLarge
	}
	if err == nil {
		data, err = kind.reduced(data)
	}
	if err != nil {
		return nil, named(name, err)
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// named is an error with the path of its file.
func named(name string, err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at
	}
	return &fs.PathError{Op: "read", Path: name, Err: err}
}

// A fileKind is a kind of file of runtimes.
type fileKind struct {
	largest int
	reduced func([]byte) ([]byte, error) // what is read of it

	redacted func([]byte, Pseudonyms) ([]byte, error) // that with pseudonyms
}

// kindOf is the kind of the file at a path; nil for files that are no runtime's.
func kindOf(name string) *fileKind {
	dir, base := path.Split(name)
	dir = strings.TrimSuffix(dir, "/")
	switch base {
	case "config.v2.json":
		return &fileKind{largest, rewritten[dockerConfig], redactedJSON[dockerConfig]}
	case "config.json":
		if above := path.Dir(dir); path.Base(dir) == "userdata" && isStore(path.Dir(above)) || isTask(path.Dir(above)) {
			return &fileKind{largest, rewritten[specConfig], redactedJSON[specConfig]}
		}
	case "containers.json", "volatile-containers.json":
		if isStore(dir) {
			return &fileKind{largestStore, rewritten[storedContainers], redactedJSON[storedContainers]}
		}
	case "daemon.json":
		if path.Base(dir) == "docker" {
			return &fileKind{largest, rewritten[daemonConfig], redactedJSON[daemonConfig]}
		}
	case "storage.conf":
		if path.Base(dir) == "containers" {
			return &fileKind{largest, linesWith(storageKeys), redactedSettings}
		}
	}
	if dir == machinesDir {
		return &fileKind{largest, linesWith(machineKeys), redactedMachine}
	}
	return nil
}

// isStore says that a directory is one where containers/storage keeps containers: DRIVER-containers.
func isStore(dir string) bool { return strings.HasSuffix(path.Base(dir), "-containers") }

// isTask says that a directory is one where containerd keeps tasks, by namespace.
func isTask(dir string) bool { return strings.HasPrefix(path.Base(dir), "io.containerd.runtime.v") }

// rewritten reads JSON into a T and writes that.
func rewritten[T any](data []byte) ([]byte, error) {
	var value T
	if err := json.Unmarshal(data, &value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// linesWith keeps the lines that begin with one of some texts.
func linesWith(beginnings []string) func([]byte) ([]byte, error) {
	return func(data []byte) ([]byte, error) {
		var b bytes.Buffer
		for line := range lines(data) {
			for _, beginning := range beginnings {
				if strings.HasPrefix(line, beginning) {
					b.WriteString(line + "\n")
				}
			}
		}
		return b.Bytes(), nil
	}
}
