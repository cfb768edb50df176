package netstat

import (
	"cmp"
	"strconv"
	"strings"
)

// compareNames orders the names of interfaces as net-tools 2.10 does: by what stands before a number at the end, then
// by that number, then byte by byte. So eth2 is before eth10, and both before eth1.5.
func compareNames(a, b string) int {
	stemA, numberA := cutNumber(a)
	stemB, numberB := cutNumber(b)
	return cmp.Or(strings.Compare(stemA, stemB), cmp.Compare(numberA, numberB), strings.Compare(a, b))
}

// cutNumber takes a name apart from the number at its end. Like net-tools it keeps 32 bits of the number.
func cutNumber(name string) (stem string, number int32) {
	stem = strings.TrimRight(name, "0123456789")
	n, _ := strconv.Atoi(name[len(stem):])
	return stem, int32(n)
}
