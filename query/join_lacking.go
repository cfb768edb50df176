package query

import (
	"fmt"
	"slices"
	"strings"

	"netql/query/schema"
)

// members says of a source that has rows of several systems, such as hosts, which of these it lacks.
type members struct {
	tells   func(column string) bool // the column has the name of the row's member
	lacking func() Set               // the members whose rows are not all there, once the rows have ended
}

// unpaired decides about the rows of a left join without a partner, where answers are missing among which one may be.
// NULL beside such a row would say that there is none: it is left out where it can only have been there.
type unpaired struct {
	join    *joinOp
	lacking Set            // members whose rows are missing
	member  *schema.Column // the column of the left rows that is joined with the member's name; nil for none
	left    Set            // of the lacking members, those of whose rows some were left out
	kept    bool           // there is a row without a partner that was kept and may have one
}

// newUnpaired is for the run of a left join whose right table was read.
func (j *joinOp) newUnpaired() *unpaired {
	u := &unpaired{join: j, left: Set{}}
	if j.outer && j.source.members != nil {
		u.lacking = j.source.members.lacking()
	}
	if len(u.lacking) == 0 {
		return u
	}
	at := slices.IndexFunc(j.rightColumns, func(c *schema.Column) bool { return j.source.members.tells(c.Name) })
	if at >= 0 {
		u.member = j.leftColumns[at]
	}
	return u
}

// keeps says whether a row that has no partner is a row of the result.
func (u *unpaired) keeps(row schema.Row) bool {
	if len(u.lacking) == 0 {
		return true
	}
	if u.member == nil {
		u.kept = true
		return true
	}
	name, _ := u.member.Value(row).Any().(string)
	if u.lacking[name] {
		u.left.add(name)
	}
	return !u.lacking[name]
}

// tell warns of what was decided.
func (u *unpaired) tell() {
	if len(u.left) > 0 {
		u.join.request.Warn(fmt.Sprintf("%s: rows of %s without a partner are left out, because the answer that may "+
			"have one is missing", u.join.typed, someMembers(u.left)))
	}
	if u.kept {
		u.join.request.Warn(fmt.Sprintf("%s: rows without a partner may have one on %s, whose answer is missing",
			u.join.typed, someMembers(u.lacking)))
	}
}

// someMembers names some of a set of members.
func someMembers(all Set) string {
	const most = 3
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	text := strings.Join(names[:min(len(names), most)], ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
