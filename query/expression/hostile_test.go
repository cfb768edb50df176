package expression

import (
	"errors"
	"strings"
	"testing"

	"netql/query/syntax"
)

// nested puts a text around itself: ~ is where the next one goes.
func nested(depth int, around, core string) string {
	before, after, _ := strings.Cut(around, "~")
	return strings.Repeat(before, depth) + core + strings.Repeat(after, depth)
}

// chain is a text of nearly 64 KiB that repeats a part.
func chain(part, separator string) string {
	n := (syntax.MaxLength - 100) / (len(part) + len(separator))
	return strings.TrimSuffix(strings.Repeat(part+separator, n), separator)
}

// TestHostile: no text makes the compiler slow or a value large. What doubles at each level would never end here.
func TestHostile(t *testing.T) {
	for text, want := range map[string]string{ // the error, if any
		chain("1", " + "):                    "too large",
		chain("pid", "-") + " > 1":           "too large",
		"state == " + chain("a", "-"):        "too large",
		chain("v6only", " and "):             "too large",
		chain("not", " ") + " v6only":        "too large",
		chain("-", " ") + " pid > 1":         "too large",
		chain("2", "**") + " > 1":            "too large",
		chain("pid", " < "):                  "too large",
		chain("1", ".."):                     "too large",
		chain("foo", " "):                    "unexpected foo",
		"lport in [" + chain("1", ",") + "]": "too large",
		"state in [" + chain("a", ",") + "]": "too large",
		chain("a:a", ":") + ":az":            "is not an address",

		"len(" + nested(400, "filter(~, true)", "owners") + ") > 1":                            "",
		"(process" + strings.Repeat("|lower()", 2000) + `) == "x"`:                             "",
		nested(400, "(~ ?: v6only)", "v6only"):                                                 "too large",
		nested(400, "(1 < ~ < 5 ? 1 : 2)", "pid") + " == 1":                                    "too large",
		nested(400, "any(owners, ~)", "false"):                                                 "deeper than 4",
		nested(2000, "v6only ? ~ : 1", "2") + " == 1":                                          "",
		nested(400, "(~ - 1)", "pid") + " > 1":                                                 "",
		nested(400, "(~ in [v6only, v6only])", "v6only"):                                       "",
		nested(400, "lower(~)", "process") + ` == "x"`:                                         "",
		nested(30, `replace(~, "a", "aaaaaaaaaaaaaaa")`, `"a"`) + ` == "x"`:                    "",
		nested(30, `replace(~, "", "aaaaaaaaaaaaaaaa")`, "process") + ` == "x"`:                "",
		nested(20, `join(split(~, ""), "aaaaaaaaaaaaa")`, "process") + ` == "x"`:               "",
		"toJSON(" + nested(4, "map(split(process, ''), ~)", "[process, process]") + `) == "x"`: "",
	} {
		query := "t | where " + text
		q, err := syntax.Parse(query)
		if err == nil {
			var e *Expression
			if e, err = CompileCondition(q.Stages[0].(*syntax.Where).Condition, scope()); err == nil {
				e.True(&row)
				_ = e.Condition.String()
			}
		}
		var wrong *syntax.Error
		switch {
		case err == nil && want != "", err != nil && (want == "" || !strings.Contains(err.Error(), want)):
			t.Errorf("%.60s...: error %v, want %q", text, err, want)
		case errors.As(err, &wrong) && wrong.Hint == "":
			t.Errorf("%.60s...: %v has no hint", text, err)
		}
	}
}

// TestTooLarge: a value that outgrows all bounds is NULL, with a warning.
func TestTooLarge(t *testing.T) {
	s := scope()
	var warnings []string
	s.Warn = func(message string) { warnings = append(warnings, message) }
	e, err := Compile(expressionOf(t, nested(30, `replace(~, "", "aaaaaaaaaaaaaaaa")`, "process")), s)
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Eval(&row); got != nil || len(warnings) != 1 || !strings.HasSuffix(warnings[0], "the value would be larger than 16 MiB") {
		t.Errorf("%.40v, warnings %q", got, warnings)
	}
}
