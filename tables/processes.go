package tables

import (
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/containers"
	"netql/sources/procfs"
)

// processRow is a row of processes.
type processRow struct {
	procfs.Stat
	facts *processFacts
}

// processStates are the letters of /proc/PID/stat (proc_pid_stat(5)) in words.
var processStates = [256]string{
	'R': "running", 'S': "sleeping", 'D': "disk_sleep", 'T': "stopped", 't': "traced", 'I': "idle", 'P': "parked",
	'W': "waking", 'K': "wakekill", 'Z': "zombie", 'X': "dead", 'x': "dead",
}

// processStateWords are these words, with the letters of ps(1) as aliases.
func processStateWords() *schema.Vocabulary {
	return schema.NewVocabulary(
		schema.Word{Name: "running", Aliases: []string{"R"}, Level: schema.Good},
		schema.Word{Name: "sleeping", Aliases: []string{"S"}},
		schema.Word{Name: "disk_sleep", Aliases: []string{"D", "uninterruptible"}, Level: schema.Busy},
		schema.Word{Name: "stopped", Aliases: []string{"T"}, Level: schema.Busy},
		schema.Word{Name: "traced", Level: schema.Busy},
		schema.Word{Name: "idle", Aliases: []string{"I"}},
		schema.Word{Name: "parked"}, schema.Word{Name: "waking"}, schema.Word{Name: "wakekill"},
		schema.Word{Name: "zombie", Aliases: []string{"Z", "defunct"}, Level: schema.Bad},
		schema.Word{Name: "dead", Aliases: []string{"X"}, Level: schema.Bad},
	)
}

// processesTable declares the table of processes.
func processesTable() *query.Table {
	return query.Define(query.Spec[processRow]{
		Doc: "A process, which may own sockets; the kernel's own threads, which own none, are left out.",
		Examples: []string{
			"processes sockets > 0 | top 10 by sockets",
			"processes | count by netns",
			"processes container != nil | select container, pid, name, netns",
			"processes unit == 'ssh.service' | select pid, cmdline",
			"processes age < 1h | select pid, name, user, age | sort age",
			"processes state == zombie | select pid, name, ppid",
		},
		Columns: slices.Concat(processColumns(), processPlaceColumns()),
		Shown:   []string{"pid", "name", "user", "state", "age", "sockets", "netns", "unit", "container"},
		Quiet:   []string{"unit", "container"},
		Spare:   []string{"netns", "unit", "age", "user"},
		Key:     []string{"pid"},
		Scope:   query.MachineScope,
		Own:     func(s query.State, p *processRow) bool { return p.PID == ofQuery(s).system.PID },
		Scan:    planProcesses,
	})
}

// processColumns are the columns of which process it is, and of its state.
func processColumns() []query.Column[processRow] {
	return slices.Concat([]query.Column[processRow]{
		query.Col("pid", "The number of the process.", func(p *processRow) int { return p.PID }),
		query.Col("name", "Its name: the program's, or as it set it, up to 15 bytes of any value.",
			func(p *processRow) string { return p.Command }),
	}, query.Within((*processRow).process,
		query.NonZero("cmdline", "Its command line (/proc/PID/cmdline).", (*process).commandLine).Costly(),
	), []query.Column[processRow]{
		query.Opt("executable", "The program that it runs (/proc/PID/exe); the kernel adds (deleted) to that of a "+
			"file which is no more.", (*processRow).executable).Costly(),
		query.Opt("uid", "The effective user, by whom the kernel decides what it may do (/proc/PID/status).",
			(*processRow).uid).Costly(),
		query.NonZero("user", "The user's name in /etc/passwd.", (*processRow).user).Costly(),
		query.Enum("state", "What it does, by the letter in /proc/PID/stat: running (R), sleeping (S), disk_sleep "+
			"(D) and so on.",
			processStateWords(), func(p *processRow) string { return processStates[p.State] }).Gauge(),
		query.NonZero("ppid", "The number of its parent; NULL where that is in no sight.",
			func(p *processRow) int { return p.PPID }),
		query.Opt("threads", "The number of its threads.",
			func(p *processRow) (int, bool) { return p.Threads, p.Threads > 0 }).Gauge(),
		query.Col("started", "When it was started, exact to a second.", (*processRow).started),
		query.Opt("age", "How long it has been running.", (*processRow).age).Gauge(),
	})
}

// processPlaceColumns are the columns of the groups and namespaces in which a process runs, and of its sockets.
func processPlaceColumns() []query.Column[processRow] {
	return slices.Concat(query.Within((*processRow).process,
		query.NonZero("cgroup", "Its control group (/proc/PID/cgroup): that of version 2, else of systemd's "+
			"hierarchy.", func(p *process) string { return p.cgroup }).Costly(),
		query.NonZero("unit", "The systemd unit in which it runs.", (*process).unit).Costly(),
		query.NonZero("container", "The container in which it runs, by the id that Docker, containerd, Podman or "+
			"CRI-O gave it.", (*process).container).Costly().ForPeople(shortContainer),
	), containerColumns(func(p *processRow) *containers.Container { return p.process().named() }),
		[]query.Column[processRow]{
			query.Opt("netns", "Its network namespace: the name under /run/netns, else the inode number "+
				"(/proc/PID/ns/net).", (*processRow).netns).Costly(),
			query.Opt("sockets", "How many file descriptors of sockets it has (/proc/PID/fd), of every family.",
				(*processRow).sockets).Gauge().Costly(),
		})
}

// ended says that a process has ended and has no files any more; its parent has not waited for it (wait(2)).
func (p *processRow) ended() bool { return p.State == 'Z' || p.State == 'X' || p.State == 'x' }

// process is what is read of it beside /proc/PID/stat.
func (p *processRow) process() *process { return p.facts.process(p.PID) }

func (p *processRow) executable() (string, bool) {
	if p.ended() {
		return "", false
	}
	path, err := procfs.ReadExecutable(p.facts.system.Files, p.PID)
	return path, p.facts.answered(p.PID, err, func(pid int) error {
		_, err := procfs.ReadExecutable(p.facts.system.Files, pid)
		return err
	})
}

func (p *processRow) uid() (uint32, bool) {
	answer := p.facts.effectiveUser(p.PID)
	return answer.value, p.facts.answered(p.PID, answer.err, func(pid int) error {
		return p.facts.effectiveUser(pid).err
	})
}

// user is the name of the effective user; "" where the user is unknown or has no name.
func (p *processRow) user() string {
	if uid, ok := p.uid(); ok {
		return p.facts.userName(uid)
	}
	return ""
}

// tick is the unit of times in /proc/PID/stat: USER_HZ is 100 on every architecture netql runs on
// (asm-generic/param.h).
const tick = time.Second / 100

// sinceBoot is when the process was started, as the time since boot.
func (p *processRow) sinceBoot() time.Duration {
	return time.Duration(min(p.StartTime, 1<<63/uint64(tick)-1)) * tick
}

// started is when the process was started; the zero time where the time of the boot is unknown.
func (p *processRow) started() time.Time {
	boot := p.facts.bootTime()
	if boot.IsZero() {
		return boot
	}
	return boot.Add(p.sinceBoot()).Truncate(time.Second)
}

func (p *processRow) age() (time.Duration, bool) {
	uptime := p.facts.sinceBoot()
	return max(0, uptime-p.sinceBoot()), uptime > 0
}

func (p *processRow) netns() (string, bool) {
	if p.ended() {
		return "", false
	}
	answer := p.facts.namespaceOf(p.PID)
	if !p.facts.answered(p.PID, answer.err, func(pid int) error { return p.facts.namespaceOf(pid).err }) {
		return "", false
	}
	return p.facts.namespaceNamed(answer.value), true
}

func (p *processRow) sockets() (int, bool) {
	table := p.facts.socketOwners()
	if table == nil {
		return 0, false
	}
	n, known := table.Count(p.PID)
	if !known {
		p.facts.warnRefusedFacts(p.PID)
	}
	return n, known
}
