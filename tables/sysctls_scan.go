package tables

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"netql/query"
	"netql/sources/procfs"
)

// otherSysctls are the settings outside of net that the network depends on, by their paths below /proc/sys.
var otherSysctls = []string{
	"fs/epoll/max_user_watches", // what a server may wait for
	"fs/file-max", "fs/nr_open", // how many files, and so sockets, there may be
	"kernel/pid_max", "kernel/threads-max", // for servers with a process for each connection
	"kernel/unprivileged_bpf_disabled", // who may load socket filters
	"user/max_net_namespaces",
	"vm/min_free_kbytes", // what is kept for packets that come in an interrupt
}

// secretSysctls are the last parts of the paths of keys. They are not read, so that no answer and no capture has them.
var secretSysctls = []string{"tcp_fastopen_key", "stable_secret", "netdev_rss_key"}

// planSysctls reads the settings whose names the conditions allow: files by their names, else those below directories
// where there may be some.
func planSysctls(r query.Request) query.Scan[sysctl] {
	scan := sysctlScan{where: r.Where}
	if values, limited := r.Where.Only("name"); limited {
		scan.direct = true
		scan.add(values)
	}
	scan.beginnings, scan.narrowed = r.Where.Beginnings("name")
	return streamScan[sysctl]{scan.String(), "settings", r, scan.rows}
}

// sysctlScan says which settings are read: those of some paths (direct), or those in directories whose names have one
// of some beginnings (narrowed), or all.
type sysctlScan struct {
	where      query.Predicate
	direct     bool
	paths      []string
	narrowed   bool
	beginnings []string
}

// add adds the paths of settings that the table has, of names that a query may ask for.
func (s *sysctlScan) add(names []any) {
	for _, name := range names {
		text, _ := name.(string)
		if p, ok := procfs.SettingPath(text); ok &&
			(strings.HasPrefix(p, "net/") || slices.Contains(otherSysctls, p)) &&
			!slices.Contains(s.paths, p) {
			s.paths = append(s.paths, p)
		}
	}
	slices.Sort(s.paths)
}

func (s sysctlScan) String() string {
	switch {
	case s.direct && len(s.paths) == 0:
		return "nothing: no setting can satisfy the conditions"
	case s.direct:
		return "/proc/sys/" + strings.Join(s.paths, ", /proc/sys/")
	case s.narrowed:
		return "/proc/sys, names that begin with " + strings.Join(s.beginnings, ", ")
	}
	return "/proc/sys/net; /proc/sys/" + strings.Join(otherSysctls, ", ")
}

func (s sysctlScan) rows(state *scanState) iter.Seq2[*sysctl, error] {
	return func(yield func(*sysctl, error) bool) {
		reader := &sysctlReader{scanState: state, yield: yield}
		read := func(p string, err error) bool {
			if err != nil {
				return yield(nil, err)
			}
			return !mayBe(s.where, "name", procfs.SettingName(p)) || reader.read(p)
		}
		if s.each(state, read) {
			reader.end()
		}
	}
}

// each hands on the paths, until one is not taken.
func (s sysctlScan) each(state *scanState, take func(p string, err error) bool) bool {
	if s.direct { // of names that a query gives, which may be of directories
		isFile := func(p string) bool {
			info, err := state.system.Files.Stat("/proc/sys/" + p)
			return err == nil && !info.Mode.IsDir()
		}
		return !slices.ContainsFunc(s.paths, func(p string) bool { return isFile(p) && !take(p, nil) })
	}
	if !state.elsewhere && slices.ContainsFunc(otherSysctls, func(p string) bool { return !take(p, nil) }) {
		return false
	}
	return !s.mayHave("net") || procfs.Settings(state.system.Files, "net", s.mayHave, take)
}

// mayHave says whether a directory may have settings that are wanted.
func (s sysctlScan) mayHave(dir string) bool {
	name := procfs.SettingName(dir) + "."
	return !s.narrowed || slices.ContainsFunc(s.beginnings, func(b string) bool {
		return strings.HasPrefix(name, b) || strings.HasPrefix(b, name)
	})
}

// sysctlReader reads settings, and counts those that may not be read.
type sysctlReader struct {
	*scanState
	yield   func(*sysctl, error) bool
	refused []string // names
	faults  faults
}

// read yields the setting of a path; false says that the reader wants no more. What is not there any more, what can
// only be written and what is a directory, of which a query gave the name, has no row.
func (r *sysctlReader) read(p string) bool {
	row := &sysctl{name: procfs.SettingName(p)}
	switch {
	case r.ctx.Err() != nil:
		return false
	case r.elsewhere && sysctlScope(row.name) == "machine": // our own namespace tells it
		return true
	}
	if slices.Contains(secretSysctls, path.Base(p)) {
		return r.yield(row, nil)
	}
	text, err := procfs.ReadSetting(r.system.Files, p)
	switch {
	case err == nil:
		row.value = known(text)
	case errors.Is(err, fs.ErrNotExist):
		return true
	case errors.Is(err, fs.ErrPermission):
		if procfs.WriteOnly(r.system.Files, p) {
			return true
		}
		r.refused = append(r.refused, row.name)
	default:
		r.faults.add(err)
		return true
	}
	return r.yield(row, nil)
}

// end tells what could not be read: what the user lacks the permission for is one warning.
func (r *sysctlReader) end() {
	if err := r.faults.err(); err != nil && !r.yield(nil, err) {
		return
	}
	switch n := len(r.refused); {
	case n == 1:
		r.warn(fmt.Sprintf("only root may read %s", r.refused[0]))
	case n > 1:
		r.warn(fmt.Sprintf("only root may read %s and %d other settings", r.refused[0], n-1))
	}
}
