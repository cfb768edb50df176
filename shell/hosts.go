package shell

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"netql/query"
	"netql/query/schema"
	"netql/sources/capture"
	"netql/tables"
)

// captureSuffix is how the names of captures end in a directory of captures.
const captureSuffix = ".nq"

// captureFile is a file that holds a capture.
type captureFile struct {
	path  string
	found bool // in a directory: nobody has named it, so that it may turn out to be damaged
}

// captureFiles are the files that a word for captures names: one file, several with commas between them, or those of a
// directory whose names end with .nq. A file that has a comma in its name is one. several is false for one file.
func captureFiles(word string) (files []captureFile, several bool, err error) {
	info, err := os.Stat(word)
	switch parts := strings.Split(word, ","); {
	case err == nil && info.IsDir():
		files, err = capturesIn(word)
		return files, true, err
	case err == nil, len(parts) == 1:
		return []captureFile{{path: word}}, false, nil
	default:
		for _, part := range parts {
			some, _, err := captureFiles(expandHome(strings.TrimSpace(part)))
			if err != nil {
				return nil, true, err
			}
			files = append(files, some...)
		}
		return eachOnce(files), true, nil
	}
}

// eachOnce leaves out files that are named before, if by other paths.
func eachOnce(files []captureFile) (once []captureFile) {
	var known []os.FileInfo
	for _, file := range files {
		info, err := os.Stat(file.path)
		if err == nil && slices.ContainsFunc(known, func(other os.FileInfo) bool { return os.SameFile(info, other) }) {
			continue
		}
		if once = append(once, file); err == nil {
			known = append(known, info)
		}
	}
	return once
}

// capturesIn are the captures in a directory, in the order of their names.
func capturesIn(directory string) (files []captureFile, err error) {
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), captureSuffix) && !entry.IsDir() {
			files = append(files, captureFile{filepath.Join(directory, entry.Name()), true})
		}
	}
	if files == nil {
		return nil, usagef("no file in %s has a name that ends with %s", directory, captureSuffix).
			withHint("name the captures, with commas between them: FILE,FILE")
	}
	return files, nil
}

// hostCaptures are several captures, each of which is a host.
type hostCaptures struct {
	hosts     []tables.Host
	manifests []capture.Manifest // of each host; empty where its capture cannot be read
}

// openHosts opens several captures. One that cannot be read is an error where somebody has named it, or where no other
// one can be; else it is a host that does not answer.
func (o *options) openHosts(files []captureFile) (*hostCaptures, error) {
	captures, errs := openAll(files)
	all := &hostCaptures{make([]tables.Host, len(files)), make([]capture.Manifest, len(files))}
	readable := false
	for i, c := range captures {
		if c == nil && !files[i].found {
			return nil, errs[i]
		}
		if all.hosts[i].Err = errs[i]; c != nil {
			all.hosts[i].System, all.manifests[i], readable = o.systemOf(c), c.Manifest, true
		}
	}
	if !readable {
		return nil, fmt.Errorf("no capture can be read: %w", errs[0])
	}
	for i, name := range hostNames(files, all.manifests) {
		all.hosts[i].Name = name
	}
	return all, nil
}

// openAll opens captures, some at a time. For each there is a capture or an error.
func openAll(files []captureFile) ([]*capture.Capture, []error) {
	captures, errs := make([]*capture.Capture, len(files)), make([]error, len(files))
	var opening sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		opening.Go(func() {
			for i := range next {
				captures[i], errs[i] = capture.Open(files[i].path)
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	opening.Wait()
	return captures, errs
}

// hostNames are the names of the hosts, no two of which are the same: that which a capture has recorded; where several
// have the same, or none, the name of the file without its suffix, else its path.
func hostNames(files []captureFile, manifests []capture.Manifest) []string {
	names, choice := make([]string, len(files)), make([]int, len(files))
	for again := true; again; {
		holders := map[string][]int{}
		for i, file := range files {
			base := strings.TrimSuffix(filepath.Base(file.path), captureSuffix)
			if names[i] = []string{manifests[i].Host, base, file.path}[choice[i]]; names[i] == "" {
				names[i], choice[i] = base, 1
			}
			holders[names[i]] = append(holders[names[i]], i)
		}
		again = false
		for _, same := range holders {
			for _, i := range same {
				if len(same) > 1 && choice[i] < 2 {
					choice[i]++
					again = true
				}
			}
		}
	}
	return names
}

// longestHostList is how many hosts a sentence names.
const longestHostList = 8

// sentence says for the person at the prompt which captures queries ask.
func (c *hostCaptures) sentence() string {
	var names []string
	for _, h := range c.hosts[:min(len(c.hosts), longestHostList)] {
		names = append(names, schema.Visible(h.Name))
	}
	if more := len(c.hosts) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("queries ask %s: %s", c.count(), strings.Join(names, ", "))
}

// explanation is what --explain tells of a plan: over several captures also how the query is cut when it is asked of
// hosts, which captures stand for.
func (t *target) explanation(plan *query.Plan) string {
	text := plan.Query() + "\n\n" + plan.Explain() + "\n"
	if t.several == nil {
		return text
	}
	cut, err := query.CompileCut(plan.Query(), t.catalog, t.state(), nil)
	if err != nil || cut.Cut() == nil {
		return text
	}
	return text + "\nasked of hosts:\n" + cut.Cut().String() + "\n"
}

// count is how many captures they are.
func (c *hostCaptures) count() string { return counted(len(c.hosts), "capture") }

// rejectHosts is the usage error of another program's flags where several captures are asked: nothing in its layouts
// would tell the rows of one host from those of another.
func (t *target) rejectHosts(program string) error {
	if t.several == nil && t.remote == nil {
		return nil
	}
	return t.errSeveral(program + " has no column for the host")
}
