package netstat

import (
	"cmp"
	"strconv"
)

// compareNames orders the names of interfaces as net-tools does (nstrcmp in its lib): byte by byte, but where two
// differ in a number, by its value, and a digit before anything else.
func compareNames(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	switch {
	case !isDigit(a, i) && !isDigit(b, i):
		return cmp.Compare(byteAt(a, i), byteAt(b, i))
	case !isDigit(b, i):
		return -1
	case !isDigit(a, i):
		return 1
	}
	for i > 0 && isDigit(a, i-1) {
		i--
	}
	return cmp.Compare(numberAt(a, i), numberAt(b, i))
}

// byteAt is the byte at a place; 0 behind the end.
func byteAt(text string, i int) byte {
	if i < len(text) {
		return text[i]
	}
	return 0
}

func isDigit(text string, i int) bool { b := byteAt(text, i); return '0' <= b && b <= '9' }

// numberAt is the number whose digits begin at a place.
func numberAt(text string, i int) int {
	end := i
	for isDigit(text, end) {
		end++
	}
	n, _ := strconv.Atoi(text[i:end])
	return n
}
