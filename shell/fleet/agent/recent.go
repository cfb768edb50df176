package agent

// askKey tells asks apart: users choose the numbers of their own.
type askKey struct {
	user string
	id   uint64
}

// recent are the asks that ended last. What comes for them is late, and no sign that the agent has forgotten an ask.
type recent struct {
	ring [256]askKey
	next int
	set  map[askKey]bool
}

func (r *recent) add(k askKey) {
	if r.set == nil {
		r.set = map[askKey]bool{}
	}
	delete(r.set, r.ring[r.next])
	r.ring[r.next], r.set[k] = k, true
	r.next = (r.next + 1) % len(r.ring)
}

func (r *recent) has(k askKey) bool { return r.set[k] }
