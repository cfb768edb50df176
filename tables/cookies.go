package tables

// cookieSet is a set of socket cookies. The kernel hands cookies out in runs, so a word of 64 neighbours for each map
// entry keeps the set of 100,000 sockets in the processor's cache.
type cookieSet map[uint64]uint64

// add adds a cookie, and says whether it was not in the set before.
func (s cookieSet) add(cookie uint64) bool {
	word, bit := s[cookie/64], uint64(1)<<(cookie%64)
	s[cookie/64] = word | bit
	return word&bit == 0
}
