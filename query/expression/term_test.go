package expression

import (
	"strings"
	"testing"
)

// show is a term as a condition.
func show(t Term) string {
	texts := make([]string, len(t.Parts))
	for i, part := range t.Parts {
		texts[i] = show(part)
	}
	list := "(" + strings.Join(texts, ", ") + ")"
	return map[TermKind]string{
		Anything: "?", AllOf: "all" + list, AnyOf: "any" + list, Test: t.Leaf.text, TestNot: "not " + t.Leaf.text,
	}[t.Kind]
}

// TestTerm: negations stand before tests, chains are flat, and what is known of the rows is no test.
func TestTerm(t *testing.T) {
	possible := func(column string) []any {
		if column == "state" {
			return []any{"LISTEN", "ESTABLISHED"}
		}
		return nil
	}
	for text, want := range map[string]string{
		`lport == 22`:                                       "lport == 22",
		`not (lport == 22)`:                                 "not lport == 22",
		`not (not (lport == 22))`:                           "lport == 22",
		`lport == 22 and rport == 5 and pid == 7`:           "all(lport == 22, rport == 5, pid == 7)",
		`not (lport == 22 and (rport == 5 and pid == 7))`:   "any(not lport == 22, not rport == 5, not pid == 7)",
		`not (lport == 22 or not (rport == 5 and pid > 7))`: "all(not lport == 22, rport == 5, pid > 7)",
		`lport == 22 and (rport == 5 or pid == 7)`:          "all(lport == 22, any(rport == 5, pid == 7))",
		`lport == rport or pid == 7`:                        "any(?, pid == 7)",
		`not (lport == rport)`:                              "?",
		`state == LISTEN`:                                   "state == LISTEN",
		`state == TIME_WAIT`:                                "any()",
		`state != TIME_WAIT`:                                "all()",
		`not (state == TIME_WAIT)`:                          "all()",
		`not (state in [LISTEN, ESTAB]) or pid == 7`:        "any(any(), pid == 7)",
		`true`:  "all()",
		`false`: "any()",
	} {
		e, err := CompileCondition(expressionOf(t, text), scope())
		if err != nil {
			t.Fatal(err)
		}
		if got := show(e.Condition.Term(possible)); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
