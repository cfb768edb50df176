package tables_test

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
	"netql/sources/vfs"
	"netql/tables"
)

// A planting makes one trouble, or a few that belong together, in a network of two namespaces of its own, and leaves
// running until the test ends what goes on.
type planting struct {
	name    string   // of the namespace in which findings is asked; that at the other end of its cable has far in front
	checks  []string // what findings names there
	counts  []string // those that would count the trouble by themselves, and are told in findings of the former
	follows []string // what follows from it and may be named, too
	machine bool     // it is of the whole machine, as if that namespace were its first one

	// make makes it. What it returns says that the trouble is there; nil where it is so at once.
	make func(t *testing.T, p *planting) (ready func() bool)
}

// near and far are what the two namespaces of every planting have, for ip(8) -batch.
const (
	plantNear = `
link set lo up
link add eth0 type veth peer name eth0 netns %s
link set eth0 up
address add 10.1.0.1/24 dev eth0
route add default via 10.1.0.2
`
	plantFar = `
link set lo up
link set eth0 up
address add 10.1.0.2/24 dev eth0
`
)

func (p *planting) far() string { return "far-" + p.name }

// network makes the two namespaces. IPv6 is off, since its own packets and addresses would be in the way.
func (p *planting) network(t *testing.T) {
	t.Helper()
	for _, namespace := range []string{p.far(), p.name} {
		lab.In(t, namespace, func() { setSysctl(t, "net/ipv6/conf/default/disable_ipv6", "1") })
	}
	lab.In(t, p.name, func() { ipBatch(t, fmt.Sprintf(plantNear, p.far())) })
	lab.In(t, p.far(), func() { ipBatch(t, plantFar) })
}

// firstNamespace are files with one that only the first network namespace of a machine has.
type firstNamespace struct{ vfs.Files }

func (f firstNamespace) Stat(path string) (vfs.Info, error) {
	if path == "/proc/sys/net/ipv4/tcp_mem" {
		path = "/proc/sys/net/ipv4/ip_default_ttl"
	}
	return f.Files.Stat(path)
}

// findings are those that a query of the namespace gives, by their checks.
func (p *planting) findings(t *testing.T, text string) map[string][]row {
	system, leave, err := sources.Enter(p.name)
	if err != nil {
		t.Errorf("%s: %v", p.name, err)
		return nil
	}
	defer leave()
	if p.machine {
		system.Files = firstNamespace{system.Files}
	}
	a, err := run(t.Context(), system, query.Compile, text)
	if err != nil || a.err != nil || len(a.warnings) > 0 {
		t.Errorf("%s: %v, %v, warnings %q", p.name, err, a.err, a.warnings)
	}
	found := map[string][]row{}
	for _, r := range a.rows {
		check := cell(r["check"])
		found[check] = append(found[check], r)
		t.Logf("%-10s %-8s %-20s %s", p.name, cell(r["severity"]), check, cell(r["finding"]))
	}
	return found
}

// judge says of a planting what findings named without a reason, and what it did not name. On a busy machine what goes
// on in a planting may stand still between two samples, or do less than a check asks for: another answer has more.
func (p *planting) judge(t *testing.T) {
	const least = 5 // answers, each of which may take longer than all patience
	for began, n := time.Now(), 1; ; n++ {
		missing := p.missing(t)
		if len(missing) == 0 {
			return
		}
		if n >= least && time.Since(began) > lab.Patience {
			t.Errorf("%s: in %v, no answer has all: %q find nothing", p.name, lab.Patience, missing)
			return
		}
	}
}

// missing are the checks that an answer lacks. What it has without a reason is an error.
func (p *planting) missing(t *testing.T) (names []string) {
	found := p.findings(t, "findings | select *")
	for check, rows := range found {
		planted := slices.Concat(p.checks, p.counts, p.follows) // of counts in findings of their own see missingCounts
		if !p.machine && !slices.Contains(planted, check) {
			t.Errorf("%s: nobody planted %s: %s", p.name, check, cell(rows[0]["finding"]))
		}
	}
	for _, check := range p.checks {
		if len(found[check]) == 0 {
			names = append(names, check)
		}
	}
	if len(names) == 0 && len(p.counts) > 0 {
		return p.missingCounts(t, found)
	}
	return names
}

// missingCounts looks for what checks say that only count: in the findings of those that name it, and by itself where
// they alone are asked for.
func (p *planting) missingCounts(t *testing.T, found map[string][]row) (names []string) {
	var all []string
	for _, rows := range found {
		for _, r := range rows {
			all = append(all, withoutNumbers(r))
		}
	}
	counted := p.findings(t, `findings check in ["`+strings.Join(p.counts, `", "`)+`"] | select *`)
	for _, check := range p.counts {
		if len(found[check]) > 0 {
			t.Errorf("%s: %s is a finding of its own, beside those that name it: %q", p.name, check, all)
		}
		told := func(f string) bool { return strings.Contains(f, ". "+withoutNumbers(counted[check][0])) }
		if len(counted[check]) == 0 || !slices.ContainsFunc(all, told) {
			names = append(names, check)
		}
	}
	return names
}

// withoutNumbers is what a finding says, but how much and how long: "in the last second", "in the last 38 s" and "in
// the last 1m4s" are the same.
func withoutNumbers(r row) string {
	return regexp.MustCompile(`(last) (second|[0-9][0-9dhms ]*[dhms]\b)|[0-9.]*[0-9]`).
		ReplaceAllString(cell(r["finding"]), "$1 N")
}

// TestPlantings: each trouble is named where it was made, and nothing else is.
func TestPlantings(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ip", "nft", "tc", "ethtool")
		var names []string
		all := plantings()
		for i := range all {
			names = append(names, all[i].name, all[i].far())
		}
		lab.NameNamespaces(t, "own", names...)
		// What troubles the whole machine comes last: a CPU whose queue is full drops packets of every namespace.
		for _, machine := range []bool{false, true} {
			plantAndJudge(t, slices.DeleteFunc(slices.Clone(all),
				func(p planting) bool { return p.machine != machine }))
		}
	})
}

// plantAndJudge makes troubles, and judges what findings says when they are all there.
func plantAndJudge(t *testing.T, all []planting) {
	ready := make([]func() bool, len(all))
	for i := range all {
		all[i].network(t)
		ready[i] = all[i].make(t, &all[i])
	}
	for i := range all {
		if ready[i] != nil {
			lab.Await(t, "the trouble of "+all[i].name, ready[i])
		}
	}
	var asked sync.WaitGroup
	for i := range all {
		asked.Go(func() { all[i].judge(t) })
	}
	asked.Wait()
}

// plantings are all plantings.
func plantings() []planting {
	return slices.Concat(tcpPlantings(), packetPlantings(), linkPlantings(), routePlantings())
}

// goOnIn does things again and again in a network namespace, twenty times in a second, until the test ends.
func goOnIn(t *testing.T, namespace string, things ...func()) {
	t.Helper()
	entered := make(chan error)
	work, done := make(chan func()), make(chan bool)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		file, err := os.Open("/run/netns/" + namespace)
		if err == nil {
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
			file.Close()
		}
		entered <- err
		for do := range work {
			do()
			done <- true
		}
	}()
	if err := <-entered; err != nil {
		t.Fatalf("enter the namespace %s: %v", namespace, err)
	}
	t.Cleanup(func() { close(work) }) // after the end of goOn, which cleans up first
	goOn(t, func() {
		for _, do := range things {
			work <- do
			<-done
		}
	})
}

// since is whether so much time has passed since it was called first.
func since(d time.Duration) func() bool {
	began := time.Now()
	return func() bool { return time.Since(began) >= d }
}

// unplanted are the checks whose trouble no test makes, and why. Rows made up by hand have it in testdata/checks.txt.
var unplanted = map[string]string{
	"half_duplex":         "veth and tun say full duplex or none, and only hardware is judged",
	"slow_port":           "only hardware is judged",
	"missed_packets":      "only drivers of hardware count what they missed",
	"one_cpu":             "it is about all packets of the machine, those of other tests among them",
	"tcp_out_of_memory":   "the limits are the machine's, and so would be the lack of memory",
	"memory_pressure":     "the limits are the machine's, and so would be the lack of memory",
	"machine_nearly_full": "the limits are the machine's, and only its first namespace may lower them",
	"neighbor_table_full": "the table is the machine's, and other tests would have no neighbours",
	"conntrack_drops":     "only the first namespace may lower the limit, and many thousand flows take long to make",

	"conntrack_early_drops": "only the first namespace may lower the limit, and many thousand flows take long to make",
}

// TestEveryCheckIsPlanted: the trouble of every check is made by a test, or there is a reason why not.
func TestEveryCheckIsPlanted(t *testing.T) {
	planted := slices.Concat(troubledChecks, troubledCounts)
	all := plantings()
	for i := range all {
		planted = slices.Concat(planted, all[i].checks, all[i].counts)
	}
	for _, check := range tables.CheckNames() {
		if why := unplanted[check]; slices.Contains(planted, check) == (why != "") {
			t.Errorf("%s is planted and not, or neither: %q", check, why)
		}
	}
	for check := range unplanted {
		if !slices.Contains(tables.CheckNames(), check) {
			t.Errorf("there is no check %s", check)
		}
	}
}
