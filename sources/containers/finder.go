package containers

import (
	"cmp"
	"path"
	"strconv"

	"netql/sources/cgroup"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// A Finder finds containers, and reads each file once. It is used by one goroutine at a time.
type Finder struct {
	files  vfs.Files
	system *places
	failed error // why configurations could not be read

	found  map[string]answer // by the container's identity
	stores map[string]store  // by the path of a containers.json
	homes  map[uint32]string // nil before they are read

	tasks       []string // directories of containerd's tasks, one for a namespace; nil before they are listed
	tasksFailed error
	known       []machine // of systemd-machined; nil before they are listed
	knownFailed error
}

type answer struct {
	container *Container
	err       error
}

// store is a containers.json.
type store struct {
	byID map[string]Container
	err  error
}

// NewFinder is a Finder that reads some files.
func NewFinder(files vfs.Files) *Finder {
	return &Finder{files: files, found: map[string]answer{}, stores: map[string]store{}}
}

// Find finds the container of a control group, the innermost of several; nil if it has none of which anything is known.
// The error says why there may be one: a place where it could be may not be read.
func (f *Finder) Find(group string) (*Container, error) {
	if id := cgroup.Container(group); id != "" {
		return f.get(id, cgroup.User(group))
	}
	return f.remember(group, func() (*Container, error) { return f.byGroup(group) })
}

// get is the container of an id, of a user's runtime or of root's.
func (f *Finder) get(id, user string) (*Container, error) {
	return f.remember(id+"/"+user, func() (*Container, error) { return f.byID(id, user) })
}

func (f *Finder) remember(key string, find func() (*Container, error)) (*Container, error) {
	known, ok := f.found[key]
	if !ok {
		known.container, known.err = find()
		f.found[key] = known
	}
	return known.container, known.err
}

// byGroup finds a container that has no id.
func (f *Finder) byGroup(group string) (*Container, error) {
	if name := cgroup.LXC(group); name != "" {
		return &Container{ID: name, Name: name, Runtime: RuntimeLXC}, nil
	}
	if cgroup.Unit(group) == "" {
		return nil, nil
	}
	return f.machineOf(group)
}

// byID looks for a container in all places where it may be: those of root's runtimes, and of the user below whose
// control group it is.
func (f *Finder) byID(id, user string) (*Container, error) {
	var refused error
	looked := []places{f.systemPlaces()}
	if user != "" {
		home, err := f.home(user)
		refused = err
		if home != "" {
			looked = append([]places{userPlaces(home, user)}, looked...)
		}
	}
	for i := range looked {
		for _, ask := range []func(*places, string) (*Container, error){f.inDocker, f.inStore} {
			c, err := ask(&looked[i], id)
			if c != nil {
				return c, nil
			}
			refused = cmp.Or(refused, err)
		}
	}
	c, err := f.inTasks(id)
	if c != nil {
		return c, nil
	}
	return nil, cmp.Or(refused, err, f.failed)
}

func (f *Finder) systemPlaces() places {
	if f.system == nil {
		p, err := systemPlaces(f.files)
		f.system, f.failed = &p, err
	}
	return *f.system
}

// home is the home directory of a user in /etc/passwd; "" if it is none.
func (f *Finder) home(user string) (string, error) {
	number, err := strconv.ParseUint(user, 10, 32)
	if err != nil {
		return "", nil
	}
	if f.homes == nil {
		if f.homes, err = procfs.ReadHomes(f.files); f.homes == nil {
			f.homes = map[uint32]string{}
		}
	}
	return f.homes[uint32(number)], err
}

// inDocker looks for a container of Docker.
func (f *Finder) inDocker(p *places, id string) (*Container, error) {
	var refused error
	for _, root := range p.docker {
		data, err := readThere(f.files, root+"/containers/"+id+"/config.v2.json")
		if data == nil {
			refused = cmp.Or(refused, err)
			continue
		}
		c, err := parseDocker(data)
		if err == nil && c.ID == id {
			return &c, nil
		}
		refused = cmp.Or(refused, err)
	}
	return nil, refused
}

// inStore looks for a container of CRI-O or Podman.
func (f *Finder) inStore(p *places, id string) (*Container, error) {
	var refused error
	for _, driver := range storageDrivers {
		data, err := readThere(f.files, p.run+"/"+driver+"-containers/"+id+"/userdata/config.json")
		refused = cmp.Or(refused, err)
		if data != nil {
			a, err := parseSpec(data)
			if c, ok := a.crio(id); ok && err == nil {
				return &c, nil
			}
		}
	}
	for _, name := range p.stores() {
		s := f.store(name)
		if c, ok := s.byID[id]; ok {
			return &c, nil
		}
		refused = cmp.Or(refused, s.err)
	}
	return nil, refused
}

// store is a containers.json, which is read once.
func (f *Finder) store(name string) store {
	s, ok := f.stores[name]
	if ok {
		return s
	}
	s.byID = map[string]Container{}
	data, err := readThere(f.files, name)
	var list []Container
	if err == nil && data != nil {
		list, err = parseStorage(data)
	}
	for _, c := range list {
		s.byID[c.ID] = c
	}
	s.err = err
	f.stores[name] = s
	return s
}

// inTasks looks for a container of containerd.
func (f *Finder) inTasks(id string) (*Container, error) {
	dirs, refused := f.taskDirs()
	for _, dir := range dirs {
		data, err := readThere(f.files, dir+"/"+id+"/config.json")
		if data == nil {
			refused = cmp.Or(refused, err)
			continue
		}
		a, err := parseSpec(data)
		if err == nil {
			c := a.containerd(id)
			if path.Base(dir) == dockerNamespace {
				c.Runtime = RuntimeDocker
			}
			return &c, nil
		}
		refused = cmp.Or(refused, err)
	}
	return nil, refused
}
