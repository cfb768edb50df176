package syntax

import (
	"math/rand/v2"
	"testing"
)

// randomText is an expression of everything that the grammar has, with brackets around some operands.
func randomText(r *rand.Rand, depth int) string {
	if depth == 0 {
		return oneOf(r, "a", "b", "`x y`", "by", "5", "0x1f", "80%", "5ms", "10.0.0.1", "fe80::1", `"s"`, "nil", "true",
			"time-wait", "a-5-b", "sshd.service", "a-b.c", "a.b-c.d-5", "#", ".pid")
	}
	x := func() string { return randomText(r, r.IntN(depth)) }
	switch r.IntN(17) {
	case 0, 1, 2, 3, 4, 5:
		return x() + oneOf(r, " == ", " != ", " < ", " <= ", " > ", " in ", " contains ", " and ", "&&", " or ", "||",
			"??", " .. ", "**", " ^ ", " * ", " / ", " % ", " + ", " - ", "-", " matches ", " not in ",
			" not endsWith ") + x()
	case 14:
		return x() + " in (" + x() + ", " + x() + ")"
	case 6:
		return oneOf(r, "-", "+", "not ", "!") + x()
	case 7, 8:
		return "(" + x() + ")"
	case 9:
		return x() + oneOf(r, " ? "+x()+" : ", " ?: ") + x()
	case 10:
		return oneOf(r, "any", "f") + "(" + x() + ", " + x() + ")"
	case 11:
		return "[" + x() + ", " + x() + "]"
	case 12:
		return "(" + x() + " | f(" + x() + "))"
	case 13:
		return x() + oneOf(r, " .pid", "?.pid", "["+x()+"]", "["+x()+" : "+x()+"]", "[:"+x()+"]", "["+x()+":]")
	}
	return "(" + x() + ")" + oneOf(r, ".pid", "?.pid", "[1]")
}

func oneOf(r *rand.Rand, texts ...string) string { return texts[r.IntN(len(texts))] }

// TestRandomExpressions: the canonical text of any tree gives the same tree and the same text.
func TestRandomExpressions(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	right := 0
	for range 8_000 {
		text := randomText(random, 6)
		tree, err := parseText("(" + text + ")") // a # at the start would be a comment
		if err != nil {
			continue
		}
		right++
		canonical := tree.String()
		again, err := parseText("(" + canonical + ")")
		if err != nil || shape(again) != shape(tree) || again.String() != canonical {
			t.Errorf("%s:\nprints %s\nagain  %v (%v)", text, canonical, again, err)
		}
	}
	if right < 3_000 {
		t.Errorf("only %d texts are right", right)
	}
}
