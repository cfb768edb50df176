package remote

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"netql/query/schema"
)

// clockTolerance is how far the clock of a host may be off until its times mislead.
const clockTolerance = time.Second

// tellClocks warns of hosts whose clocks are off, once, where their times are among what is asked for: they are shown
// as the hosts tell them, as in their logs, and what was at the same time does not look so.
func (q *question) tellClocks(warn func(string)) {
	if !slices.ContainsFunc(q.local.Columns, func(c *schema.Column) bool { return c.Type.Kind == schema.Time }) {
		return
	}
	q.lock.Lock()
	var names []string
	var ahead, behind time.Duration // at the most
	for i := range q.hosts {
		h := &q.hosts[i]
		if off := h.clockOff(); off != 0 && !q.clocks[i] && (q.mode == events || h.answers()) {
			q.clocks[i] = true
			names = append(names, q.asker.names[i])
			ahead, behind = max(ahead, off), min(behind, off)
		}
	}
	text := q.clockWarning(names, ahead, behind)
	q.lock.Unlock()
	if names != nil {
		warn(text)
	}
}

// clockOff is how far the clock of a host is ahead of ours; 0 where it may be right.
func (h *host) clockOff() time.Duration {
	if h.offset.Abs() <= clockTolerance+h.rtt()/2 {
		return 0
	}
	return h.offset
}

// clockWarning tells of hosts whose clocks are off, and by how much at the most.
func (q *question) clockWarning(names []string, ahead, behind time.Duration) string {
	direction := "off"
	switch {
	case behind == 0:
		direction = "ahead of this one"
	case ahead == 0:
		direction = "behind this one"
	}
	most := schema.ForPeopleDuration(max(ahead, -behind).Round(time.Second))
	if len(names) > 1 {
		most = "up to " + most
	}
	return fmt.Sprintf("%s of %s (%s): the clock is %s %s: times are by the host's clock", grouped(len(names)),
		counted(len(q.hosts), "host"), someOf(names), most, direction)
}

// someOf are the first of some names, as a warning has them.
func someOf(names []string) string {
	text := strings.Join(names[:min(len(names), namedHosts)], ", ")
	if len(names) > namedHosts {
		text += " ..."
	}
	return text
}
