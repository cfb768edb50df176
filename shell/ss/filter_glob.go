package ss

import (
	"regexp"
	"strconv"
	"strings"
)

// pathTest is the condition that the path of a unix socket fits a pattern, as fnmatch(3) has them, in any case. A
// socket without a path has the empty one.
func (e end) pathTest(pattern string) condition {
	test := comparison(e.path + " matches " + strconv.Quote("(?is)^"+globExpression(pattern)+"$"))
	if strings.Trim(pattern, "*") == "" {
		test = always
	} else if !strings.ContainsAny(pattern, `*?[\`) && strings.ToUpper(pattern) == strings.ToLower(pattern) {
		test = comparison(e.path + " == " + strconv.Quote(pattern))
	}
	return func(rows string) term {
		if rows == "unix_sockets" {
			return test
		}
		return never
	}
}

// globExpression is the regular expression of a pattern of fnmatch(3): * and ? fit slashes as well.
func globExpression(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteString(".")
		case '[':
			class, length := globClass(pattern[i:])
			b.WriteString(class)
			i += length - 1
		case '\\':
			if i+1 < len(pattern) {
				i++
			}
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	return b.String()
}

// globClass is the regular expression of a class of characters at the start of a pattern, and its length there. A
// bracket that does not close stands for itself.
func globClass(pattern string) (expression string, length int) {
	inside := 1
	if strings.HasPrefix(pattern[1:], "!") || strings.HasPrefix(pattern[1:], "^") {
		inside = 2
	}
	end := strings.IndexByte(pattern[min(inside+1, len(pattern)):], ']') // a ] that comes first is one of the class
	if end < 0 {
		return `\[`, 1
	}
	end += inside + 1
	class := strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(pattern[inside:end])
	if inside == 2 {
		class = "^" + class
	}
	if _, err := regexp.Compile("[" + class + "]"); err != nil {
		return `\[`, 1
	}
	return "[" + class + "]", end + 1
}
