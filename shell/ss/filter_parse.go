package ss

import (
	"slices"
	"strings"

	"netql/query/syntax"
)

// condition is a part of a filter: the condition of a query on rows of one of netql's tables.
type condition func(rows string) term

// filter reads the conditions of a filter.
type filter struct {
	text   string
	tokens []token
	next   int

	system   System
	familyOf families // of addresses that do not say theirs: inet|inet6, or one of the others
	named    families // those that addresses named
	note     string   // what the person should know beside the answer; "" for nothing
}

// testWord is the word that begins a test, and how what follows is read.
type testWord struct {
	word    string
	doc     string
	ordered bool // <, <=, > and >= may follow
	read    func(f *filter, operator string, value token) (condition, error)
}

// testWords are the words that begin a test.
func testWords() []testWord {
	return []testWord{
		{"sport", "the local port: = != < <= > >=", true, localEnd.readPort},
		{"dport", "the peer's port: = != < <= > >=", true, peerEnd.readPort},
		{"src", "the local address, with a prefix's length or a port behind it", false, localEnd.readHost},
		{"dst", "the peer's address", false, peerEnd.readHost},
		{"dev", "the interface that the socket is bound to, by name or number", false, readDevice},
		{"fwmark", "the mark, all of it or what a mask leaves", false, readMark},
		{"cgroup", "the control group in which the socket was made", false, readCgroup},
		{"autobound", "the kernel chose the port", false, nil},
	}
}

// parse reads the conditions of the filter; without any, all rows fit.
func (f *filter) parse() (condition, error) {
	if f.next == len(f.tokens) {
		return func(string) term { return always }, nil
	}
	c, err := f.list()
	if err == nil && f.next < len(f.tokens) {
		err = f.errorAt(f.tokens[f.next], "there is no ( for this )")
	}
	return c, err
}

// joins are the words between two conditions, and what they make of them.
var joins = map[string]func(a, b term) term{
	"and": both, "&": both, "&&": both, "or": either, "|": either, "||": either,
}

// list reads conditions with operators between them; none is "and". All bind alike, from the left, as in ss (its
// grammar, ssfilter.y), whose manual says otherwise: a or b and c is (a or b) and c.
func (f *filter) list() (condition, error) {
	left, err := f.one()
	for err == nil && f.next < len(f.tokens) && f.tokens[f.next].text != ")" {
		join := joins[f.tokens[f.next].text]
		if join == nil {
			join = both
		} else {
			f.next++
		}
		before := left
		var right condition
		right, err = f.one()
		left = func(rows string) term { return join(before(rows), right(rows)) }
	}
	return left, err
}

// one reads one condition.
func (f *filter) one() (condition, error) {
	t, ok := f.take()
	if !ok {
		return nil, f.errorAtEnd("a condition is missing here").WithHint("for example sport = :22, dst 10.0.0.0/8")
	}
	switch t.text {
	case "(":
		inner, err := f.list()
		if err != nil {
			return nil, err
		}
		if _, closed := f.take(); !closed {
			return nil, f.errorAt(t, "there is no ) for this (")
		}
		return inner, nil
	case "!", "not":
		inner, err := f.one()
		return func(rows string) term { return negated(inner(rows)) }, err
	}
	i := slices.IndexFunc(testWords(), func(w testWord) bool { return w.word == t.text })
	if i < 0 {
		return nil, f.unknown(t)
	}
	return f.test(testWords()[i], t)
}

// operators are the comparisons in ss's spellings.
var operators = map[string]string{
	"=": "==", "==": "==", "eq": "==", "!=": "!=", "ne": "!=", "neq": "!=", "<": "<", "lt": "<", "<=": "<=", "le": "<=",
	"leq": "<=", ">": ">", "gt": ">", ">=": ">=", "ge": ">=", "geq": ">=",
}

// test reads what follows the word of a test: an operator, = if there is none, and a value.
func (f *filter) test(w testWord, word token) (condition, error) {
	if w.read == nil {
		return autobound(f), nil
	}
	operator, at := "==", word
	if t, ok := f.peek(); ok && operators[t.text] != "" {
		operator, at = operators[t.text], t
		f.next++
	}
	if !w.ordered && operator != "==" && operator != "!=" {
		return nil, f.errorAt(at, "%s is the same or not: there is no %s for it", w.word, at.text).
			WithHint("= and != are; sport and dport have <, <=, > and >= as well")
	}
	value, ok := f.take()
	if !ok {
		return nil, f.errorAtEnd("%s needs a value", w.word).WithHint("for example %s", examples[w.word])
	}
	c, err := w.read(f, operator, value)
	if err != nil || operator != "!=" {
		return c, err
	}
	return func(rows string) term { return negated(c(rows)) }, nil
}

// examples are tests with a value, for hints.
var examples = map[string]string{
	"sport": "sport = :22", "dport": "dport = :https", "src": "src 127.0.0.1", "dst": "dst 10.0.0.0/8",
	"dev": "dev = eth0", "fwmark": "fwmark = 0x1/0xff", "cgroup": "cgroup = /system.slice/ssh.service",
}

// unknown is the error of a word that begins no condition.
func (f *filter) unknown(t token) error {
	wrong := f.errorAt(t, "%q begins no condition", t.text)
	var words []string
	for _, w := range testWords() {
		words = append(words, w.word)
	}
	_, isState := stateNamed(t.text)
	_, isTable := tablesNamed(t.text)
	_, isAddress := parseAddress(t.text)
	switch nearest := syntax.Nearest(t.text, words); {
	case t.text == "state", t.text == "exclude", t.text == "excl":
		return wrong.WithHint("state and exclude stand before all conditions")
	case strings.HasPrefix(t.text, "state="):
		return wrong.WithHint("state %s", strings.TrimPrefix(t.text, "state="))
	case isState:
		return wrong.WithHint("state %s, before all conditions", t.text)
	case isTable:
		return wrong.WithHint("-A %s shows these sockets", t.text)
	case joins[t.text] != nil:
		return wrong.WithHint("%s stands between two conditions", t.text)
	case t.text == ")":
		return f.errorAt(t, "a condition is missing before )")
	case isAddress && strings.ContainsAny(t.text, ".:"):
		return wrong.WithHint("src %s is a local address, dst %s the peer's", t.text, t.text)
	case operators[t.text] != "":
		return wrong.WithHint("before it stands what is compared: sport, dport, src, dst, dev, fwmark or cgroup")
	case strings.Trim(t.text, ":0123456789") == "":
		return wrong.WithHint("sport = %s is a local port, dport = %s the peer's", t.text, t.text)
	case nearest != "":
		return wrong.WithHint("did you mean %s?", nearest)
	}
	return wrong.WithHint("conditions begin with %s", strings.Join(words, ", "))
}

// peek is the next token; false at the end.
func (f *filter) peek() (token, bool) {
	if f.next == len(f.tokens) {
		return token{}, false
	}
	return f.tokens[f.next], true
}

// take is the next token, which is used up; false at the end.
func (f *filter) take() (token, bool) {
	t, ok := f.peek()
	if ok {
		f.next++
	}
	return t, ok
}

func (f *filter) errorAt(t token, format string, args ...any) *FilterError {
	return &FilterError{f.text, syntax.Errorf(t.at, format, args...)}
}

func (f *filter) errorAtEnd(format string, args ...any) *FilterError {
	end := len(strings.TrimRight(f.text, " \t\r\n"))
	return f.errorAt(token{at: syntax.Range{Start: end, End: end}}, format, args...)
}
