package remote

import "fmt"

// refuseTooMany refuses the question where the rows that hosts have are more than the merging part can keep. The caller
// has the lock.
func (q *question) refuseTooMany() {
	kept := q.local.Kept
	if kept == nil || q.refused != nil {
		return
	}
	most, rows, hosts, largest := kept.Most(), 0, 0, 0
	for i := range q.hosts {
		n := min(q.keptOf(i), most+1) // what a host says may be anything
		if n == 0 {
			continue
		}
		hosts++
		if rows += n; n >= q.keptOf(largest) {
			largest = i
		}
	}
	if rows <= most {
		return
	}
	where := "the host " + q.asker.names[largest]
	if hosts > 1 {
		where = fmt.Sprintf("%s (%s of %s)", counted(hosts, "host"), grouped(min(q.keptOf(largest), most+1)),
			q.asker.names[largest])
	}
	q.refused = kept.Refused(rows, counted(rows, "row")+" of "+where)
}

// keptOf is how many rows of a host the merging part keeps of the first sample, at the least. The caller has the lock.
func (q *question) keptOf(i int) int {
	h, whole := &q.hosts[i], q.local.Whole
	if h.samples > 0 {
		return 0
	}
	came := 0
	if len(q.local.Kept.Present) == 0 && !whole {
		came = h.rows
	}
	switch limited := h.limit > 0 && h.total > h.limit; {
	case h.spoilt(), whole && (limited || h.silent || h.over() && !h.counts()): // its rows are left out
		return 0
	case !whole && (h.over() || h.silent):
		return came
	case limited:
		return max(came, h.limit)
	}
	return max(came, h.total)
}

// refusal is why the question is refused; nil where it is not.
func (q *question) refusal() error {
	q.lock.Lock()
	defer q.lock.Unlock()
	return q.refused
}
