package agent

// asker is who asked which ask.
type asker struct {
	user string
	id   uint64
}

// recent are the asks that ended last. What comes for them is late, and no sign that the agent has forgotten an ask.
type recent struct {
	ring [256]asker
	next int
	set  map[asker]bool
}

func (r *recent) add(a asker) {
	if r.set == nil {
		r.set = map[asker]bool{}
	}
	delete(r.set, r.ring[r.next])
	r.ring[r.next], r.set[a] = a, true
	r.next = (r.next + 1) % len(r.ring)
}

func (r *recent) has(a asker) bool { return r.set[a] }
