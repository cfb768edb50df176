package expression

import (
	"strings"
	"testing"
)

// TestBoundedMemory: a short query cannot make a text that fills the memory; it is NULL, with a warning.
func TestBoundedMemory(t *testing.T) {
	long := `"` + strings.Repeat("x", 5000) + `"`
	replaced := "process"
	for range 4 {
		replaced = `replace(` + replaced + `, "", ` + long + `)`
	}
	doubled := "process"
	for range 12 {
		doubled = "(" + doubled + " + " + doubled + ")" // 4096 times as long as the name
	}
	for _, text := range []string{replaced, "join(split(" + doubled + `, ""), ` + long + ")"} {
		var warnings []string
		s := scope()
		s.Warn = func(message string) { warnings = append(warnings, message) }
		e, err := Compile(expressionOf(t, text), s)
		if err != nil {
			t.Fatal(err)
		}
		if value := e.Eval(&row); value != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "16 MiB") {
			t.Errorf("%.40s...: a value of type %T, warnings %.200q", text, value, warnings)
		}
	}
	if got := eval(t, `replace("a.b.c", ".", "--")`, row); got != "a--b--c" {
		t.Errorf("replace gives %v", got)
	}
}
