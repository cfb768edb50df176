package syntax_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/syntax"
)

// TestCanonical: every stage, every alias and every operator has one text.
func TestCanonical(t *testing.T) {
	for text, want := range map[string]string{
		`from sockets`:                                `sockets`,
		`FROM Sockets WHERE lport==22`:                `Sockets lport == 22`,
		`sockets|where a==1|filter b==2`:              `sockets a == 1 | where b == 2`,
		`sockets | where where == 1`:                  `sockets | where where == 1`,
		"sockets `where` - 1 > 2":                     "sockets | where where - 1 > 2",
		`t | project a,b = c+1,*`:                     `t | select a, b = c + 1, *`,
		`t | SELECT a`:                                `t | select a`,
		`t | extend x=a?1:2,y=b`:                      `t | extend x = a ? 1 : 2, y = b`,
		"t | drop a,`b c`, `in`":                      "t | drop a, `b c`, `in`",
		`t | order by a desc,-b,c asc`:                `t | sort a desc, b desc, c`,
		`t | sort by a`:                               `t | sort a`,
		`t | sort by by`:                              "t | sort `by`",
		`t | sort - -a`:                               `t | sort (-a) desc`,
		`t | sort desc desc`:                          `t | sort desc desc`,
		`t | sort desc asc`:                           `t | sort desc`,
		`t | take 5|head 0x5|limit 5`:                 `t | limit 5 | limit 5 | limit 5`,
		`t | top 3 by a, b asc, -c`:                   `t | top 3 by a, b asc, c`,
		`t | group a`:                                 `t | group by a`,
		`t | group by a,k=(b?1:2):count(),n=sum(c)`:   `t | group by a, k = b ? 1 : 2: count(), n = sum(c)`,
		`t | group k = a < 1 ? x : y : count()`:       `t | group by k = a < 1 ? x : y: count()`,
		`t | group by raddr == fe80::1: count()`:      `t | group by raddr == fe80::1: count()`,
		`t | group by raddr == fe80::: count()`:       `t | group by raddr == fe80::: count()`,
		`t | summarize count() BY a`:                  `t | group by a: count()`,
		`t | stats n=count(),p95(rtt)`:                `t | stats n = count(), p95(rtt)`,
		"t | stats `by` = count()":                    "t | stats `by` = count()",
		`t | count`:                                   `t | count`,
		`t | count by a,b`:                            `t | count by a, b`,
		`t | uniq`:                                    `t | distinct`,
		`t | uniq a,b`:                                `t | distinct a, b`,
		`t not(a)&&!b||c`:                             `t not a and not b or c`,
		`t a NOT IN [1,2,] and b Matches 'x'`:         `t a not in [1, 2] and b matches "x"`,
		`t a startswith "x" or b ENDSWITH c`:          `t a startsWith "x" or b endsWith c`,
		"t `StartsWith` startswith 'x'":               "t `StartsWith` startsWith \"x\"",
		`t a = 1 and any(b, .c = 2) | where d=3`:      `t a == 1 and any(b, .c == 2) | where d == 3`,
		`t a in (1, 2,) and b in (c) and d in (1..2)`: `t a in [1, 2] and b in c and d in 1..2`,
		`t a not in (5) or b in ("x")`:                `t a not in [5] or b in ["x"]`,
		`t a == sshd.service and b == c-d.e-5`:        `t a == sshd.service and b == c-d.e-5`,
		`t a == b .c and d == e - f.g`:                `t a == b.c and d == e - f.g`,
		`t a == null or b == TRUE`:                    `t a == nil or b == true`,
		`t state != time-wait`:                        `t state != time-wait`,
		`t state == fin-wait-2`:                       `t state == fin-wait-2`,
		`t a - b > 5-3`:                               `t a - b > 5 - 3`,
		`t - a + -b - -1 > + 2`:                       `t -a + -b - -1 > +2`,
		`t a in 1 .. 5 and b[ 0 ].c ?.d == 2 ** 3`:    `t a in 1..5 and b[0].c?.d == 2 ** 3`,
		`t any(o,#.pid>1)and all(o,.x ? .y : not .z)`: `t any(o, .pid > 1) and all(o, .x ? .y : not .z)`,
		`t (p|lower()|hasPrefix("ng"))`:               `t (p | lower() | hasPrefix("ng"))`,
		`t a == 'it' + 's'`:                           `t a == "it" + "s"`,
		`t (a ?? b[1:2]) == c[:-1]`:                   `t (a ?? b[1:2]) == c[:-1]`,
		"t /* x */ a // y\n# z\n == 5ms":              `t a == 5ms`,
	} {
		q, err := query.Language.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := q.String(); got != want {
			t.Errorf("%s\ngives %s\nwant  %s", text, got, want)
		}
		checkFixedPoint(t, text, q)
	}
}

// TestStageWords: every word that starts a stage is accepted, and is a column elsewhere. Every stage says what it
// does.
func TestStageWords(t *testing.T) {
	for _, kind := range query.Language {
		if kind.Usage == "" || kind.Doc == "" || kind.Example == "" {
			t.Errorf("stage %s: its row in query/stages.go lacks its usage, doc or example", kind.Name)
		}
		for _, word := range append(kind.Aliases, kind.Name) {
			example := strings.Replace(kind.Example+" ", "| "+kind.Name+" ", "| "+strings.ToUpper(word)+" ", 1)
			if kind.Name == "sort" {
				example = strings.Replace(example, strings.ToUpper(word), word+" by", 1)
			}
			q, err := query.Language.Parse(example)
			has := func(s syntax.Stage) bool { return s.Kind.Name == kind.Name }
			if err != nil || !slices.ContainsFunc(q.Stages, has) {
				t.Errorf("%s: %v", example, err)
				continue
			}
			checkFixedPoint(t, example, q)
			for _, text := range []string{"t | select " + word, "t | where " + word + " == 1", "t " + word + " == 1"} {
				if q, err = query.Language.Parse(text); err != nil {
					t.Errorf("%s: %v", text, err)
					continue
				}
				checkFixedPoint(t, text, q)
			}
		}
	}
}

// TestKeywords: the words that the parsers of stages look for where a name may stand are quoted where they are names.
func TestKeywords(t *testing.T) {
	all := 0
	for _, kind := range query.Language {
		seen := map[string]bool{"desc": true, "asc": true} // stand behind an expression only
		for text := kind.Example; text != ""; text = text[:max(0, strings.LastIndexByte(text, ' '))] {
			cursor, ok := query.Language.At(text + " ")
			if !ok {
				t.Fatalf("%s: no cursor", text)
			}
			at := stageAt(text)
			for _, expected := range cursor.Expected {
				word, ok := expected.(syntax.ExpectWord)
				if !ok || seen[word.Word] || strings.ContainsAny(word.Word, "*=0123456789") {
					continue
				}
				seen[word.Word] = true
				all++
				if at == nil || !slices.Contains(at.Words, word.Word) {
					t.Errorf("%s: query/stages.go: the Words of this stage lack %q, for which its parser looks",
						text, word.Word)
				}
				if name := query.Language.Identifier(word.Word).String(); name != "`"+word.Word+"`" {
					t.Errorf("a column %s would be written %s", word.Word, name)
				}
			}
		}
	}
	if all < 8 {
		t.Errorf("only %d words", all)
	}
}

// stageAt is the kind of the last stage of a text; nil where that is a condition right after the table.
func stageAt(text string) *syntax.StageKind {
	parts := strings.Split(text, "|")
	if len(parts) == 1 {
		return nil
	}
	kind, _ := query.Language.Stage(strings.Fields(parts[len(parts)-1] + " -")[0])
	return kind
}

// checkFixedPoint: the canonical text means the same query, and all places lie in the text.
func checkFixedPoint(t *testing.T, text string, q *syntax.Query) {
	t.Helper()
	canonical := q.String()
	again, err := query.Language.Parse(canonical)
	if err != nil {
		t.Errorf("%q: its canonical text %q is wrong: %v", text, canonical, err)
		return
	}
	if again.String() != canonical {
		t.Errorf("%q: canonical text %q becomes %q", text, canonical, again)
	}
	if len(again.Stages) != len(q.Stages) {
		t.Errorf("%q: %d stages, and %d in its canonical text %q", text, len(q.Stages), len(again.Stages), canonical)
	}
	for _, stage := range q.Stages {
		if r := stage.Range; r.Start < 0 || r.Start >= r.End || r.End > len(text) {
			t.Errorf("%q: %s has the range %v", text, stage, r)
		}
	}
}

// goldenQueries are the texts of the engine's golden files, right and wrong ones.
func goldenQueries(t testing.TB) []string {
	t.Helper()
	var queries []string
	for _, name := range []string{"answers.txt", "errors.txt", "explain.txt"} {
		data, err := os.ReadFile("../testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(data), "\n") {
			if text, ok := strings.CutPrefix(line, "> "); ok {
				queries = append(queries, text)
			}
		}
	}
	if len(queries) < 100 {
		t.Fatalf("only %d golden queries", len(queries))
	}
	return queries
}

// TestIncomplete: the start of a right query is right itself, or more text can mend it.
func TestIncomplete(t *testing.T) {
	cuts := 0
	for _, text := range goldenQueries(t) {
		if _, err := query.Language.Parse(text); err != nil {
			continue
		}
		tokens, err := syntax.Scan(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range tokens {
			cut := text[:token.Range.End]
			var wrong *syntax.Error
			if _, err := query.Language.Parse(cut); errors.As(err, &wrong) && !wrong.Incomplete {
				t.Errorf("%q is said to be beyond mending: %v", cut, err)
			}
			cuts++
		}
	}
	if cuts < 500 {
		t.Errorf("only %d cuts", cuts)
	}
}

// TestBeyondMending: what more text cannot mend is not called incomplete, or a prompt would ask for lines for ever.
func TestBeyondMending(t *testing.T) {
	for _, text := range []string{
		`t | select x = | limit 5`, `t | select x =, y`, `t | select a,, b`, `t | select , a`,
		`t | select a, | limit 5`, `t | group by : count()`,
		`t | stats by a`, `t | where | limit 5`, `t | sort | limit 5`, `t | limit | count`, `t | top 5 | count`,
		`t | order | count`, `t || `,
		`t | where a ? b | limit 5`, `t | select a ? b, c`, `t | drop a, | limit 1`, `t | | count`,
		`t | group by a: | count`, `t a = 5`, `t a b) `,
	} {
		var wrong *syntax.Error
		if _, err := query.Language.Parse(text); errors.As(err, &wrong) && wrong.Incomplete {
			t.Errorf("%q: %v: more text cannot mend this", text, err)
		}
	}
}

// mends are what can be missing at the end of a query, on the line itself or, where it ends in a comment, on the next.
var mends = []string{ // a comment may have to end first, with its line
	"\n)", "\n]", "\n}", "\nx", "\nby x", "\n5", "\n: x", "\nnil", "\nin x", "\nand 1", "\n1 and 2",
	`"`, `'`, "`", "*/", ")", "]", "}", "x", "`x`", " x", " by x", " 5", ": x", " ? 1 : 2", " nil",
	" in x", " and 1", " 1 and 2",
}

// FuzzParse: text -> tree -> text is a fixed point, every range lies inside the text, and an error that claims that
// more text can mend it is mended by some text.
func FuzzParse(f *testing.F) {
	for _, text := range goldenQueries(f) {
		f.Add(text)
		f.Add(text[:len(text)*2/3])
	}
	for _, text := range []string{"t | sort - -a", "t a ? .b : c", "t ! == x", "t | stats `by` = 1", "t | sort by by",
		"t in-5", "in", "t fe80::%a .b", "\ufffd\x00", "t | sort a desc asc", "t a ?..5", "t 5-3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := query.Language.Parse(text)
		if err == nil {
			checkFixedPoint(t, text, q)
			return
		}
		var wrong *syntax.Error
		if !errors.As(err, &wrong) {
			t.Fatalf("%q: error without a place: %v", text, err)
		}
		if r := wrong.Range; r.Start < 0 || r.End < r.Start || r.End > len(text) && len(text) <= syntax.MaxLength {
			t.Fatalf("%q: range %v", text, r)
		}
		if wrong.Message == "" || wrong.Hint == "" && wrong.Fix == nil {
			t.Errorf("%q: message %q, hint %q", text, wrong.Message, wrong.Hint)
		}
		wrong.Show(text)
		if wrong.Incomplete && !mendable(text, wrong) {
			t.Errorf("%q: %v: nothing mends it", text, err)
		}
	})
}

// mendable says whether some text makes this error go away. Another error may then come to light.
func mendable(text string, wrong *syntax.Error) bool {
	for i := range 2 * len(mends) {
		mend := []string{"", "\n"}[i%2] + mends[i/2]
		var next *syntax.Error
		_, err := query.Language.Parse(text + mend)
		if !errors.As(err, &next) || next.Message != wrong.Message || next.Range != wrong.Range {
			return true
		}
	}
	return false
}

func TestNearest(t *testing.T) {
	words := []string{"select", "sort", "state", "lport", "rport", "process"}
	for word, want := range map[string]string{
		"slect": "select", "SELECT": "select", "stat": "state", "lprt": "lport", "rpotr": "rport",
		"porcess": "process", "": "", "x": "",
		"nothing": "", strings.Repeat("process", 20): "",
	} {
		if got := syntax.Nearest(word, words); got != want {
			t.Errorf("%q is nearest to %q, want %q", word, got, want)
		}
	}
}

// TestLimitsOfStages: what is too much for a plan is refused before anything is built from it.
func TestLimitsOfStages(t *testing.T) {
	for text, want := range map[string]string{
		"t" + strings.Repeat("|count", 200):                                 "",
		"t" + strings.Repeat("|count", 201):                                 "the query has more than 200 stages",
		"t x" + strings.Repeat("|count", 200):                               "the query has more than 200 stages",
		"t|select x" + strings.Repeat(",x", 255):                            "",
		"t|select x" + strings.Repeat(",x", 256):                            "a stage takes at most 256 columns",
		"t|extend x" + strings.Repeat(",x", 30_000):                         "a stage takes at most 256 columns",
		"t|drop x" + strings.Repeat(",x", 256):                              "a stage takes at most 256 columns",
		"t|sort x" + strings.Repeat(",x", 256):                              "a stage takes at most 256 columns",
		"t|distinct x" + strings.Repeat(",x", 256):                          "a stage takes at most 256 columns",
		"t|group x: x" + strings.Repeat(",x", 256):                          "a stage takes at most 256 columns",
		"t|stats x by x" + strings.Repeat(",x", 256):                        "a stage takes at most 256 columns",
		"t|join t on x" + strings.Repeat(",x", 256):                         "a stage takes at most 256 columns",
		"t|where x in [1" + strings.Repeat(",1", 300) + "]|select max(x,x)": "",
	} {
		_, err := query.Language.Parse(text)
		var wrong *syntax.Error
		errors.As(err, &wrong)
		switch {
		case err == nil && want == "":
		case wrong == nil, wrong.Error() != want, wrong.Hint == "", wrong.Incomplete:
			t.Errorf("%.20q: error %v, want %q", text, err, want)
		}
	}
	if _, err := query.Language.Parse("t " + strings.Repeat("(", 500) + "x" + strings.Repeat(")", 500)); err != nil {
		t.Error(err)
	}
}
