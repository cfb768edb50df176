package query

import (
	"net/netip"

	"netql/query/schema"
	"netql/query/syntax"
)

// partners are rows of the right table by the key of the joined columns. Where a pair of these is ADDRESS in PREFIX the
// key ends with the prefix, and lengths tells which lengths of prefixes there are: a left row is looked up with each of
// them, the longest first, which is at most 129 keys however many prefixes there are.
type partners struct {
	rows    map[string][]schema.Row
	lengths [129]bool
	longest int // of lengths
}

func newPartners() *partners { return &partners{rows: map[string][]schema.Row{}} }

// add takes a row of the right table; prefix is that of the row, if a pair of columns is about one.
func (p *partners) add(key []byte, prefix netip.Prefix, row schema.Row) {
	if prefix.IsValid() {
		key = appendPrefix(key, prefix.Masked())
		p.lengths[prefix.Bits()] = true
		p.longest = max(p.longest, prefix.Bits())
	}
	p.rows[string(key)] = append(p.rows[string(key)], row)
}

// around are the rows whose prefix has the network in it: those of the longest prefix, or all. The key is that of the
// other pairs.
func (p *partners) around(key []byte, network netip.Prefix, all bool) (found []schema.Row) {
	n := len(key)
	for bits := min(network.Bits(), p.longest); bits >= 0; bits-- {
		if !p.lengths[bits] {
			continue
		}
		outer, err := network.Addr().Prefix(bits)
		if err != nil {
			continue
		}
		key = appendPrefix(key[:n], outer)
		found = append(found, p.rows[string(key)]...)
		if len(found) > 0 && !all {
			break
		}
	}
	return found
}

// appendPrefix appends what equal prefixes share. IPv4 and IPv6 differ in the length of their addresses, which stands
// first.
func appendPrefix(key []byte, p netip.Prefix) []byte {
	key = append(key, byte(p.Addr().BitLen()), byte(p.Bits()))
	return append(key, p.Addr().AsSlice()...)
}

// networkOf is what an address or a prefix covers, as `in` takes it: without a zone, mapped addresses as those of IPv4;
// the zero prefix for NULL.
func networkOf(value any) netip.Prefix {
	switch v := value.(type) {
	case netip.Prefix:
		return v
	case netip.Addr:
		a := v.WithZone("").Unmap()
		return netip.PrefixFrom(a, a.BitLen())
	}
	return netip.Prefix{}
}

// CanBeInside says whether a join may be on one column in the other.
func CanBeInside(left, right *schema.Column) bool {
	network := left.Type.Kind == schema.Address || left.Type.Kind == schema.Prefix
	return network && right.Type.Kind == schema.Prefix
}

// matchInside notes the pair of columns that is ADDRESS in PREFIX.
func (j *joinOp) matchInside(left, right *schema.Column, at syntax.Range) error {
	switch {
	case right.Type.Kind != schema.Prefix:
		return syntax.Errorf(at, "%s is of type %s, and in needs prefixes on its right", right.Name, right.Type).
			WithHint("for example: join routes on raddr in dst")
	case !CanBeInside(left, right):
		return syntax.Errorf(at, "%s is of type %s, and only an address can be in a prefix", left.Name, left.Type).
			WithHint("for example: join routes on raddr in dst")
	case j.inside >= 0:
		return syntax.Errorf(at, "a join has one pair with in").WithHint("leave one of them out")
	}
	j.inside = len(j.leftColumns)
	return nil
}

// ofRightTested are the columns of the right table that are tested: by conditions, and by in, which is one on prefixes.
func (j *joinOp) ofRightTested(conditions Set) Set {
	tested := j.ofRight(conditions)
	if j.inside >= 0 {
		tested.add(j.rightColumns[j.inside].Name)
	}
	return tested
}

// choosesLongest says that of the rows of the right table some are chosen by comparing them with others, so that none
// may be left out before.
func (j *joinOp) choosesLongest() bool { return j.inside >= 0 && !j.all }

// prefixOf is the prefix of a right row by which it is found; the zero prefix where no pair is about one.
func (j *joinOp) prefixOf(row schema.Row) (prefix netip.Prefix, ok bool) {
	if j.inside < 0 {
		return netip.Prefix{}, true
	}
	prefix, _ = j.rightColumns[j.inside].Get(row).(netip.Prefix)
	return prefix, prefix.IsValid()
}

// partnersOf are the partners of a left row whose key, without what is looked up by in, is this.
func (m *matcher) partnersOf(key []byte, row schema.Row) []schema.Row {
	if m.inside < 0 {
		return m.partners.rows[string(key)]
	}
	network := networkOf(m.leftColumns[m.inside].Get(row))
	if !network.IsValid() {
		return nil
	}
	return m.partners.around(key, network, m.all)
}
