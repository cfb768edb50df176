package remote

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"netql/query"
)

// tell warns of the hosts that have not answered in full and were not told before, and says whether any has answered.
// Where none has, and the question was not ended before that, the error of nobody tells it.
func (q *question) tell(warn func(string), ended bool) (answered bool) {
	q.lock.Lock()
	answered = slices.ContainsFunc(q.hosts, func(h host) bool {
		return h.answers() || q.mode == events && !h.first.IsZero() && h.end == nil // of which there may be none
	})
	var list []string
	if answered || q.enough || ended {
		atWork := q.atWork()
		list = q.warningsOf(func(i int) bool { return !ended || !atWork[i] })
	}
	q.lock.Unlock()
	for _, w := range list {
		warn(w)
	}
	q.tellClocks(warn)
	return answered
}

// atWork are the hosts of a watch that have answered the sample before, and have been asked for another one or have
// sent something just now, as who works does each second: where the watch ends then, they are well. The caller has the
// lock.
func (q *question) atWork() []bool {
	const soon = 2 * time.Second
	hosts := make([]bool, len(q.hosts))
	for i, h := range q.hosts {
		state, _ := q.result(i)
		there := q.before[i].answered && q.before[i].lost.IsZero()
		recent := time.Since(q.sampledAt) < soon || time.Since(h.heard) < soon
		hosts[i] = q.mode == samples && state == Late && there && recent
	}
	return hosts
}

// errNoneLeft is the error of events that have broken off on all hosts, of which warnings have told.
var errNoneLeft = errors.New("no host answers any more")

// brokeOff says that nothing comes any more of a question whose answers go on, though no host has come to an end of its
// own, as by a limit.
func (q *question) brokeOff() bool {
	q.lock.Lock()
	defer q.lock.Unlock()
	return q.mode == events && !slices.ContainsFunc(q.hosts, func(h host) bool { return h.whole() })
}

// lacking are the names of the hosts whose rows are not all there, of those that were wanted.
func (q *question) lacking() query.Set {
	q.lock.Lock()
	defer q.lock.Unlock()
	names := query.Set{}
	for i := range q.hosts {
		if state, _ := q.result(i); state != Stopped && !q.hosts[i].counts() {
			names[q.asker.names[i]] = true
		}
	}
	return names
}

// nobody is the error of a question that no host has answered, which tells of all hosts.
func (q *question) nobody() error { return errors.New("no host has answered: " + q.ofAll()) }

// ofAll tells how it went with all hosts.
func (q *question) ofAll() string {
	q.lock.Lock()
	defer q.lock.Unlock()
	clear(q.told)
	q.beside = nil
	return strings.Join(q.warningsOf(func(int) bool { return true }), "; ")
}

// warningsOf are the warnings of the hosts of which it is true, and which were not told before: one for each state, in
// the order of states, and of a watch for each sample in which hosts came into it, so that a warning of few hosts hides
// none that come later. The caller has the lock.
func (q *question) warningsOf(wanted func(i int) bool) (list []string) {
	q.noteStates()
	type group struct {
		state State
		since time.Time
	}
	groups, moments := map[group][]int{}, map[State][]time.Time{}
	for i := range q.hosts {
		if q.told[i] || !wanted(i) {
			continue
		}
		state, said := q.result(i)
		q.told[i] = true
		if q.known(i, outcome{state, said}) {
			continue
		}
		of := group{state, q.before[i].since}
		if groups[of] == nil {
			moments[state] = append(moments[state], of.since)
		}
		groups[of] = append(groups[of], i)
	}
	for _, s := range states {
		for _, since := range slices.SortedFunc(slices.Values(moments[s.state]), time.Time.Compare) {
			list = append(list, q.warning(s.phrase, groups[group{s.state, since}]))
		}
	}
	return list
}

// noteStates notes which hosts of a watch are there, since when others are not, and in which sample the state of each
// was another. The caller has the lock.
func (q *question) noteStates() {
	if q.mode != samples {
		return
	}
	now := time.Now()
	for i := range q.hosts {
		before := &q.before[i]
		if state, _ := q.result(i); state != before.state {
			before.state, before.since = state, now
		}
		switch {
		case q.hosts[i].answers():
			before.answered, before.lost = true, time.Time{}
		case before.answered && before.lost.IsZero():
			before.lost = now
		}
	}
}

// known says that it is no news how it went with a host: it was told in another question of the same run, or its events
// are followed, and it is at work until nobody wants more, or has warned of something, which was told then. The caller
// has the lock.
func (q *question) known(i int, how outcome) bool {
	h := &q.hosts[i]
	return q.beside != nil && q.beside[i].same(how) || q.mode == events &&
		(how.state == Late && !h.first.IsZero() || how.state == Partial && h.whole())
}

// result is how it went with a host, and why. The caller has the lock.
func (q *question) result(i int) (State, string) {
	state, said := q.hosts[i].result(q.asker.options.Timeout)
	if state == Late && q.enough && !q.hosts[i].dropping {
		return Stopped, ""
	}
	return state, said
}

// outcome is the result. The caller has the lock.
func (q *question) outcome(i int) outcome {
	state, said := q.result(i)
	return outcome{state, said}
}

// namedHosts is how many hosts a warning names.
const namedHosts = 3

// warning tells of hosts in one state, and why. The caller has the lock.
func (q *question) warning(phrase string, hosts []int) string {
	var names []string
	for _, i := range hosts {
		names = append(names, q.asker.names[i])
	}
	if lost := q.before[hosts[0]].lost; !lost.IsZero() { // so that a host that is lost once more is told anew
		phrase += lost.Format(" since 15:04:05")
	}
	text := fmt.Sprintf("%s of %s (%s): %s", grouped(len(hosts)), counted(len(q.hosts), "host"), someOf(names),
		phrase)
	_, said := q.result(hosts[0])
	if said != "" {
		text += ": " + said
	}
	alike, broken := true, false
	for _, i := range hosts {
		_, other := q.result(i)
		alike = alike && slices.EqualFunc(strings.Fields(said), strings.Fields(other), func(a, b string) bool {
			return a == b || q.unnamed(hosts[0], a) == q.unnamed(i, b)
		})
		broken = broken || q.hosts[i].rows > q.hosts[i].sampled && !q.hosts[i].counts()
	}
	if !alike {
		text += " (others otherwise: the table hosts has them)"
	}
	switch {
	case broken && q.local.Whole:
		text += "; what came of them is left out"
	case broken:
		text += "; the rows that came are there"
	}
	return text
}

// unnamed is a word of what was said of a host without the host's name.
func (q *question) unnamed(i int, word string) string {
	return strings.ReplaceAll(word, q.asker.names[i], "")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return grouped(n) + " " + what + "s"
}

// grouped is a number with commas between its thousands.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// rtt is how long the way to a host and back takes; 0 where that is not known.
func (h *host) rtt() time.Duration {
	if h.asked.IsZero() || h.first.IsZero() {
		return 0
	}
	return h.first.Sub(h.asked)
}
