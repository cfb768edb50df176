package agent

// shares are what users hold of a number of things that are alike, such as places. The last quarter of the things is
// for users who hold none, so that no user can hold all of them.
type shares struct {
	total, free int
	of          map[string]int // by user
}

func newShares(total int) shares { return shares{total, total, map[string]int{}} }

// reserved is what part of the things is for users who hold none.
const reserved = 4

// take takes one of the things for a user; false if there is none for him.
func (s *shares) take(user string) bool {
	if s.free == 0 || s.of[user] > 0 && s.free <= s.total/reserved {
		return false
	}
	s.free--
	s.of[user]++
	return true
}

// giveBack gives one of the things back that a user holds.
func (s *shares) giveBack(user string) {
	s.free++
	if s.of[user]--; s.of[user] == 0 {
		delete(s.of, user)
	}
}
