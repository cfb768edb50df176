package expression

import (
	"fmt"
	"testing"
)

func TestOnly(t *testing.T) {
	for _, c := range []struct{ text, column, want string }{
		{`lport == 22`, "lport", "[22] true"},
		{`lport == 22 and state == LISTEN`, "state", "[LISTEN] true"},
		{`lport in [22, 80] or lport == 443`, "lport", "[22 80 443] true"},
		{`(lport == 22 or lport == 80) and rport == 5`, "lport", "[22 80] true"},
		{`process == "a" or process == "b"`, "process", "[a b] true"},
		{`lport == 22 or state == LISTEN`, "lport", "[] false"},
		{`lport != 22`, "lport", "[] false"},
		{`not (lport == 22)`, "lport", "[] false"},
		{`lport in 22..80`, "lport", "[] false"},
		{`lport > 22`, "lport", "[] false"},
		{`rport == nil`, "rport", "[] false"},
		{`process contains "a"`, "process", "[] false"},
		{`raddr == 10.0.0.1`, "raddr", "[] false"},
		{`true`, "lport", "[] false"},
	} {
		e, err := CompileCondition(expressionOf(t, c.text), scope())
		if err != nil {
			t.Fatal(err)
		}
		values, limited := e.Condition.Only(c.column)
		if got := fmt.Sprint(values, " ", limited); got != c.want {
			t.Errorf("%s limits %s to %s, want %s", c.text, c.column, got, c.want)
		}
	}
}
