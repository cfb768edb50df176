package tables

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/cgroup"
	"netql/sources/containers"
	"netql/sources/multierror"
	"netql/sources/procfs"
)

// containerRow is a row of containers.
type containerRow struct {
	id        string
	container *containers.Container // nil if nothing but the id is known
	processes int                   // how many are in it
	first     *processRow           // the one with the lowest number; nil if there is none
}

// containersTable declares the table of containers.
func containersTable() *query.Table {
	return query.Define(query.Spec[containerRow]{
		Doc: "A container of which a runtime (Docker, containerd, CRI-O, Podman, systemd-nspawn) has a file, or in " +
			"whose control group processes run (LXC and these). The runtimes are not asked. Of a user's Docker those " +
			"that run are known, and of a user's Podman all as long as one runs.",
		Examples: []string{
			"containers",
			"containers processes > 0 | select name, image, pod, netns",
			"containers | count by runtime, state",
			"containers processes == 0 | select name, runtime, state, created",
		},
		Columns: containersColumns(),
		Shown: []string{
			"id", "name", "image", "pod_namespace", "pod", "runtime", "state", "processes", "pid", "netns",
		},
		Quiet: []string{"pod_namespace", "pod", "state"},
		Spare: []string{"pid", "processes", "runtime", "pod_namespace", "state", "netns"},
		Key:   []string{"id"},
		Scope: query.MachineScope,
		Scan: func(r query.Request) query.Scan[containerRow] {
			return streamScan[containerRow]{"files of container runtimes and /proc/*/cgroup", "containers", r,
				listContainers}
		},
	})
}

// containerStates are the states that Docker has.
func containerStates() *schema.Vocabulary {
	return schema.NewVocabulary(
		schema.Word{Name: containers.StateRunning, Level: schema.Good},
		schema.Word{Name: containers.StatePaused, Level: schema.Busy},
		schema.Word{Name: containers.StateRestarting, Level: schema.Busy},
		schema.Word{Name: containers.StateCreated},
		schema.Word{Name: containers.StateExited},
		schema.Word{Name: containers.StateDead, Level: schema.Bad},
	)
}

func containersColumns() []query.Column[containerRow] {
	described := func(c *containerRow) *containers.Container { return c.container }
	return slices.Concat([]query.Column[containerRow]{
		query.Col("id", "The id that Docker, containerd, Podman or CRI-O gave it, which other tables have as "+
			"container; of a container without one its name.",
			func(c *containerRow) string { return c.id }).ForPeople(shortContainer),
	}, query.Within(described,
		query.NonZero("name", "Its name, as its runtime's files have it; in Kubernetes that within its pod, POD for "+
			"the container that keeps the pod's namespaces. NULL where the files may not be read.",
			func(c *containers.Container) string { return c.Name }),
		query.NonZero("image", "Its image, by the name that its runtime's files have.",
			func(c *containers.Container) string { return c.Image }),
		query.NonZero("pod", "The pod of Kubernetes to which it belongs. Podman's files do not name its pods.",
			func(c *containers.Container) string { return c.Pod }),
		query.NonZero("pod_namespace", "The namespace of Kubernetes in which the pod is.",
			func(c *containers.Container) string { return c.PodNamespace }),
		query.Enum("runtime", "The program whose files describe it, or whose control group it is (lxc).",
			schema.Words(containers.RuntimeDocker, containers.RuntimeContainerd, containers.RuntimeCRIO,
				containers.RuntimePodman, containers.RuntimeNspawn, containers.RuntimeLXC),
			func(c *containers.Container) string { return c.Runtime }),
	), []query.Column[containerRow]{
		query.Enum("state", "What Docker's file says of it; of other runtimes, running where it has processes.",
			containerStates(), (*containerRow).state),
		query.Col("processes", "The processes in it that can be seen.",
			func(c *containerRow) int { return c.processes }).Gauge(),
	}, query.Within(func(c *containerRow) *processRow { return c.first },
		query.Col("pid", "The first of them by number, which is often the one that it was started for.",
			func(p *processRow) int { return p.PID }),
		query.Col("process", "The name of that process.", func(p *processRow) string { return p.Command }),
		query.Opt("netns", "The network namespace of that process: the name under /run/netns, else the inode "+
			"number.", (*processRow).netns).Costly(),
	), query.Within(described,
		query.Opt("created", "When it was made.",
			func(c *containers.Container) (time.Time, bool) { return c.Created, c.Created.Unix() > 0 }),
	))
}

func (c *containerRow) state() string {
	fromFile, running := "", ""
	if c.container != nil {
		fromFile = c.container.State
	}
	if c.processes > 0 {
		running = containers.StateRunning
	}
	return cmp.Or(fromFile, running)
}

// listContainers lists the containers: those that run by their first process, then the others by age.
func listContainers(s *scanState) iter.Seq2[*containerRow, error] {
	return func(yield func(*containerRow, error) bool) {
		found := containerSet{}
		users, failure := found.addProcesses(&processFacts{scanState: s})
		listed, err := s.containerFinder().List(slices.Sorted(maps.Keys(users)))
		for _, ref := range listed {
			c, failed := s.containerFinder().Get(ref)
			s.warnUnnamed(failed)
			if c == nil && failed == nil {
				continue // it was removed meanwhile, unless processes run in it
			}
			if row := found.get(ref.ID); row.container == nil {
				row.container = c
			}
		}
		for _, row := range slices.SortedFunc(maps.Values(found), compareContainers) {
			if !yield(row, nil) {
				return
			}
		}
		if err := multierror.Join(failure, err); err != nil {
			yield(nil, err)
		}
	}
}

// compareContainers puts containers in order.
func compareContainers(a, b *containerRow) int {
	since := func(c *containerRow) (pid int, created int64) {
		pid, created = math.MaxInt, math.MaxInt64
		if c.first != nil {
			pid = c.first.PID
		}
		if c.container != nil && c.container.Created.Unix() > 0 {
			created = c.container.Created.UnixNano()
		}
		return pid, created
	}
	aPID, aCreated := since(a)
	bPID, bCreated := since(b)
	return cmp.Or(cmp.Compare(aPID, bPID), cmp.Compare(aCreated, bCreated), cmp.Compare(a.id, b.id))
}

// containerSet is containers by id.
type containerSet map[string]*containerRow

// get is the container of an id, which it adds where it is missing.
func (s containerSet) get(id string) *containerRow {
	if s[id] == nil {
		s[id] = &containerRow{id: id}
	}
	return s[id]
}

// addProcesses adds the containers in which processes run, and gives the users below whose control groups some are. The
// error is why processes could not be read.
func (s containerSet) addProcesses(f *processFacts) (users map[string]bool, failure error) {
	users = map[string]bool{}
	for p, err := range f.list(func(int) bool { return true }) {
		if err != nil {
			failure = err
			continue
		}
		groups, err := procfs.ReadCgroups(f.system.Files, p.PID)
		if err = unlessGone(err); err != nil {
			failure = err
		}
		group := procfs.CgroupPath(groups)
		id, c := cgroup.Container(group), f.containerOf(group)
		if c != nil {
			id = c.ID
		}
		if id == "" {
			continue
		}
		row := s.get(id)
		row.container = c
		row.processes++
		if row.first == nil {
			row.first = p
		}
		if user := cgroup.User(group); user != "" {
			users[user] = true
		}
	}
	return users, failure
}
