package containers

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"netql/sources/cgroup"
	"netql/sources/vfs"
)

// taskDirs lists the directories of containerd's tasks, one for each namespace.
func (f *Finder) taskDirs() ([]string, error) {
	if f.tasks == nil {
		f.tasks = []string{}
		for _, state := range containerdStates {
			for _, dir := range taskDirs {
				names, err := directories(f.files, state+"/"+dir)
				f.tasksFailed = cmp.Or(f.tasksFailed, err)
				for _, name := range names {
					f.tasks = append(f.tasks, state+"/"+dir+"/"+name)
				}
			}
		}
	}
	return f.tasks, f.tasksFailed
}

// directories are the names of the directories in a directory; none where that does not exist. Those that containerd
// is about to remove begin with a point.
func directories(files vfs.Files, dir string) ([]string, error) {
	entries, err := files.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if e.Type.IsDir() && !strings.HasPrefix(e.Name, ".") {
			names = append(names, e.Name)
		}
	}
	return names, err
}

// machineOf is the container of systemd-machined in whose control group another one is.
func (f *Finder) machineOf(group string) (*Container, error) {
	machines, err := f.machines()
	for i := range machines {
		m := &machines[i]
		if m.class == "container" && m.unit != "" && within(group, path.Join(m.unit, m.subgroup)) {
			return &m.Container, nil
		}
	}
	return nil, err
}

// within says that a control group is below one whose path ends so.
func within(group, end string) bool { return strings.Contains(group+"/", "/"+end+"/") }

// machines are the machines that systemd-machined knows.
func (f *Finder) machines() ([]machine, error) {
	if f.known == nil {
		f.known = []machine{}
		entries, err := f.files.ReadDir(machinesDir)
		if !errors.Is(err, fs.ErrNotExist) {
			f.knownFailed = err
		}
		for _, e := range entries {
			if !e.Type.IsRegular() {
				continue // "unit:NAME" is a link
			}
			data, err := readThere(f.files, path.Join(machinesDir, e.Name))
			f.knownFailed = cmp.Or(f.knownFailed, err)
			if data != nil {
				f.known = append(f.known, parseMachine(data))
			}
		}
	}
	return f.known, f.knownFailed
}

// A Ref tells a container of which there are files.
type Ref struct {
	ID   string
	User string // the number of the user whose runtime it is; "" for root's
}

// List lists the containers of which there are files, sorted: those of root's runtimes, and those that Podman keeps for
// some users. The error says why there may be more.
func (f *Finder) List(users []string) ([]Ref, error) {
	ids := map[Ref]bool{}
	system := f.systemPlaces()
	err := cmp.Or(f.listTasks(ids), f.listPlaces(&system, "", ids), f.failed)
	for _, user := range users {
		home, failed := f.home(user)
		if home != "" {
			p := userPlaces(home, user)
			failed = cmp.Or(failed, f.listStores(&p, user, ids))
		}
		err = cmp.Or(err, failed)
	}
	machines, failed := f.machines()
	for _, m := range machines {
		if m.class == "container" {
			ids[Ref{ID: m.Name}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(ids), func(a, b Ref) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.User, b.User))
	}), cmp.Or(err, failed)
}

// listTasks adds the containers of containerd.
func (f *Finder) listTasks(ids map[Ref]bool) error {
	dirs, err := f.taskDirs()
	for _, dir := range dirs {
		err = cmp.Or(err, f.listDirectory(dir, "", ids))
	}
	return err
}

// listPlaces adds the containers of Docker, CRI-O and Podman.
func (f *Finder) listPlaces(p *places, user string, ids map[Ref]bool) (err error) {
	for _, root := range p.docker {
		err = cmp.Or(err, f.listDirectory(root+"/containers", user, ids))
	}
	for _, driver := range storageDrivers {
		err = cmp.Or(err, f.listDirectory(p.run+"/"+driver+"-containers", user, ids))
	}
	return cmp.Or(err, f.listStores(p, user, ids))
}

// listStores adds the containers in the files of a containers/storage.
func (f *Finder) listStores(p *places, user string, ids map[Ref]bool) (err error) {
	for _, name := range p.stores() {
		s := f.store(name)
		err = cmp.Or(err, s.err)
		for id := range s.byID {
			ids[Ref{id, user}] = true
		}
	}
	return err
}

// listDirectory adds the containers that have a directory in another one.
func (f *Finder) listDirectory(dir, user string, ids map[Ref]bool) error {
	names, err := directories(f.files, dir)
	for _, name := range names {
		if cgroup.Container(name) == name {
			ids[Ref{name, user}] = true
		}
	}
	return err
}

// Get is the container of a Ref; nil if nothing is known of it.
func (f *Finder) Get(r Ref) (*Container, error) {
	if cgroup.Container(r.ID) == r.ID {
		return f.get(r.ID, r.User)
	}
	machines, err := f.machines()
	for i := range machines {
		if machines[i].Name == r.ID {
			return &machines[i].Container, nil
		}
	}
	return nil, err
}
