package ss

import "net/netip"

// addressTest is the condition that the address of an end lies in a prefix. netql shows v4-mapped addresses as those of
// IPv4, which ss compares alike, and NULL for the unspecified address of a peer.
func (e end) addressTest(p netip.Prefix) term {
	addr := p.Addr()
	if mapped := addr.Is4In6() && p.Bits() >= 96; mapped {
		return both(comparison("family == inet6"), e.addressTest(netip.PrefixFrom(addr.Unmap(), p.Bits()-96)))
	}
	if addr.Is6() && p.Bits() == 0 {
		return comparison("family == inet6")
	}
	test := comparison(e.address + " == " + addr.String())
	if p.Bits() < addr.BitLen() {
		test = comparison(e.address + " in " + p.Masked().String())
	}
	if e.peer && p.Masked().Addr().IsUnspecified() {
		none := both(comparison("family == "+familyWord(addr)), comparison(e.address+" == nil"))
		if p.IsSingleIP() {
			return none
		}
		test = either(none, test)
	}
	if mapped := netip.MustParsePrefix("::ffff:0:0/96"); addr.Is6() && p.Bits() < 96 && p.Overlaps(mapped) {
		test = either(test, both(comparison("family == inet6"), comparison(e.address+" in 0.0.0.0/0")))
	}
	return test
}

func familyWord(a netip.Addr) string {
	if a.Is4() {
		return "inet"
	}
	return "inet6"
}
