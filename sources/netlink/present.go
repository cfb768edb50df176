package netlink

// Present is a set of attributes: those that a message had and its parser read. Types above 63 are never in it.
type Present[A ~uint16] uint64

// Add puts an attribute into the set.
func (p *Present[A]) Add(attribute A) { *p |= 1 << attribute }

// Has says whether the kernel sent an attribute.
func (p Present[A]) Has(attribute A) bool { return p>>attribute&1 != 0 }
