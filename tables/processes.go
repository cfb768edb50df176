package tables

import (
	"iter"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/procfs"
)

// processRow is a row of processes.
type processRow struct {
	procfs.Stat
	facts *processFacts
}

// processStates are the letters of /proc/PID/stat (proc_pid_stat(5)) in words.
var processStates = map[byte]string{
	'R': "running", 'S': "sleeping", 'D': "disk_sleep", 'T': "stopped", 't': "traced", 'I': "idle", 'P': "parked", 'W': "waking",
	'K': "wakekill", 'Z': "zombie", 'X': "dead", 'x': "dead",
}

var processStateWords = schema.NewVocabulary(
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
		Fields:  append(processFields(), processPlaceFields()...),
		Shown:   []string{"pid", "name", "user", "state", "age", "netns", "sockets", "unit", "container"},
		Key:     []string{"pid"},
		Machine: true,
		Scan: func(r query.Request) query.Scan[processRow] {
			return streamScan[processRow]{"/proc/*/stat", "processes", r, func(s *scanState) iter.Seq2[*processRow, error] {
				facts := &processFacts{scanState: s}
				return facts.list(func(pid int) bool { return mayBe(r.Where, "pid", pid) })
			}}
		},
	})
}

func processFields() []query.Field[processRow] {
	return []query.Field[processRow]{
		{Name: "pid", Type: integer, Doc: "The number of the process.", Get: func(p *processRow) any { return p.PID }},
		{Name: "name", Type: text, Doc: "Its name: the program's, or as it set it, up to 15 bytes of any value.", Get: func(p *processRow) any { return p.Command }},
		{Name: "cmdline", Type: text, Costly: true, Doc: "Its command line (/proc/PID/cmdline).",
			Get: func(p *processRow) any { return nonEmpty(p.facts.process(p.PID).commandLine()) }},
		{Name: "executable", Type: text, Costly: true, Doc: "The program that it runs (/proc/PID/exe); the kernel adds (deleted) to that of a file which is no more.",
			Get: (*processRow).executable},
		{Name: "uid", Type: integer, Costly: true, Doc: "The effective user, by whom the kernel decides what it may do (/proc/PID/status).",
			Get: func(p *processRow) any { uid, ok := p.uid(); return orNull(int(uid), ok) }},
		{Name: "user", Type: text, Costly: true, Doc: "The user's name in /etc/passwd.", Get: func(p *processRow) any {
			if uid, ok := p.uid(); ok {
				return nonEmpty(p.facts.userName(uid))
			}
			return nil
		}},
		{Name: "state", Type: enum(processStateWords), Change: schema.Gauge, Doc: "What it does, by the letter in /proc/PID/stat: running (R), sleeping (S), disk_sleep (D) and so on.",
			Get: func(p *processRow) any { return nonEmpty(processStates[p.State]) }},
		{Name: "ppid", Type: integer, Doc: "The number of its parent; NULL where that is in no sight.", Get: func(p *processRow) any { return nonZero(p.PPID) }},
		{Name: "threads", Type: integer, Change: schema.Gauge, Doc: "The number of its threads.", Get: func(p *processRow) any { return orNull(p.Threads, p.Threads > 0) }},
		{Name: "started", Type: schema.Of(schema.Time), Doc: "When it was started, exact to a second.", Get: (*processRow).started},
		{Name: "age", Type: duration, Change: schema.Gauge, Doc: "How long it has been running.", Get: (*processRow).age},
	}
}

// processPlaceFields say where a process runs.
func processPlaceFields() []query.Field[processRow] {
	return []query.Field[processRow]{
		{Name: "cgroup", Type: text, Costly: true, Doc: "Its control group (/proc/PID/cgroup): that of version 2, else of systemd's hierarchy.",
			Get: func(p *processRow) any { return nonEmpty(p.facts.process(p.PID).cgroup) }},
		{Name: "unit", Type: text, Costly: true, Doc: "The systemd unit in which it runs.", Get: func(p *processRow) any { return nonEmpty(p.facts.process(p.PID).unit()) }},
		{Name: "container", Type: text, Costly: true, Doc: "The container in which it runs, by the id that Docker, containerd, Podman or CRI-O gave it.",
			Get: func(p *processRow) any { return nonEmpty(p.facts.process(p.PID).container()) }},
		{Name: "netns", Type: text, Costly: true, Doc: "Its network namespace: the name under /run/netns, else the inode number (/proc/PID/ns/net).",
			Get: (*processRow).netns},
		{Name: "sockets", Type: integer, Change: schema.Gauge, Costly: true, Doc: "How many file descriptors of sockets it has (/proc/PID/fd), of every family.", Get: (*processRow).sockets},
	}
}

// ended says that a process has given up all that it had; its parent has not asked how it ended.
func (p *processRow) ended() bool { return p.State == 'Z' || p.State == 'X' || p.State == 'x' }

func (p *processRow) executable() any {
	if p.ended() {
		return nil
	}
	path, err := procfs.ReadExecutable(p.facts.system.Files, p.PID)
	return orNull(path, p.facts.told(err))
}

func (p *processRow) uid() (uint32, bool) {
	answer := p.facts.effectiveUser(p.PID)
	return answer.value, p.facts.told(answer.err)
}

// tick is the unit of times in /proc/PID/stat: USER_HZ is 100 on every architecture netql runs on
// (asm-generic/param.h).
const tick = time.Second / 100

// sinceBoot is when the process was started.
func (p *processRow) sinceBoot() time.Duration {
	return time.Duration(min(p.StartTime, 1<<63/uint64(tick)-1)) * tick
}

func (p *processRow) started() any {
	boot := p.facts.bootTime()
	return orNull(boot.Add(p.sinceBoot()).Truncate(time.Second), !boot.IsZero())
}

func (p *processRow) age() any {
	uptime := p.facts.sinceBoot()
	return orNull(max(0, uptime-p.sinceBoot()), uptime > 0)
}

func (p *processRow) netns() any {
	if p.ended() {
		return nil
	}
	answer := p.facts.namespaceOf(p.PID)
	if !p.facts.told(answer.err) {
		return nil
	}
	return sources.Namespace{Name: p.facts.namedNamespaces()[answer.value], Inode: answer.value}.String()
}

func (p *processRow) sockets() any {
	holders := p.facts.socketHolders()
	if holders == nil {
		return nil
	}
	n, known := holders.Count(p.PID)
	if !known {
		p.facts.warnRefused()
	}
	return orNull(n, known)
}
