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
		"state == " + chain("a", "."):        "too large",
		"pid" + chain(".a", "") + " == 1":    "too large",
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
		condition, err := parse(query)
		if err == nil {
			var e *Expression
			if e, err = CompileCondition(condition, scope()); err == nil {
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

// TestBounds: what outgrows all bounds is NULL, with one warning.
func TestBounds(t *testing.T) {
	long := `"` + strings.Repeat("x", 5000) + `"`
	grown := nested(2, `replace(~, "", "`+strings.Repeat("a", 60)+`")`, "process") // 22,000 letters
	letters := "split(" + grown + `, "")`
	for text, want := range map[string]error{
		nested(30, `replace(~, "", "aaaaaaaaaaaaaaaa")`, "process"):                     errTooLarge,
		nested(4, `replace(~, "", `+long+")", "process"):                                errTooLarge,
		"join(" + letters + ", " + long + ")":                                           errTooLarge,
		nested(4, `replace(~, "", "`+strings.Repeat("a", 40)+`")`, "process") + "[0:1]": errTooLarge,
		"split(" + nested(2, `replace(~, "", "aaaaaa")`, grown) + `, "")`:               errTooLarge,
		"map(" + letters + ", " + grown + ")":                                           errTooMuch,
		"map(" + letters + ", [" + strings.Repeat("process,", 39) + "process])":         errTooLarge,
		"any(" + letters + ", any(" + letters + `, # == "?"))`:                          errTooMuch,
		"len(filter(" + letters + ", len(filter(" + letters + `, # != "?")) > 1))`:      errTooMuch,
		"any(" + letters + `, process + # matches # + "{1000}")`:                        errTooMuch,
		`replace(` + grown + `, "", "aaaaaa") matches "(x|y{500})*(z?y){900}$"`:         errTooMuch,
		"len(" + nested(400, "lower(~)", "process") + ")":                               nil,
		"any(" + letters + `, # == "x")`:                                                nil,
	} {
		s := scope()
		var warnings []string
		s.Warn = func(message string) { warnings = append(warnings, message) }
		e, err := Compile(expressionOf(t, text), s)
		if err != nil {
			t.Errorf("%.60s...: %v", text, err)
			continue
		}
		got := e.Eval(&row)
		switch {
		case want == nil && (got == nil || len(warnings) > 0),
			want != nil && (got != nil || len(warnings) != 1 || !strings.HasSuffix(warnings[0], want.Error())):
			t.Errorf("%.60s...: %.40v, warnings %.300q, want %v", text, got, warnings, want)
		}
		if e.Eval(&record{}); len(warnings) > 1 {
			t.Errorf("%.60s...: more warnings: %.300q", text, warnings)
		}
	}
}

// TestPatterns: a short regular expression may stand for a large one, which is refused.
func TestPatterns(t *testing.T) {
	for text, want := range map[string]string{
		"(?i)^(nginx|envoy)":               "",
		strings.Repeat("name|", 1500):      "",
		"(x{1000}){9}":                     "invalid repeat count",
		strings.Repeat("(ab{99}c){9}", 12): "too large",
		strings.Repeat("a?", 6000):         "too large",
		strings.Repeat(`\pL`, 2000):        "too large",
		strings.Repeat("x", maxPattern+1):  "longer than 65536 bytes",
		"(":                                "missing closing )",
	} {
		_, err := compilePattern(text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s...: error %v, want %q", text, err, want)
		}
	}
}
