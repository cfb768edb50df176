package query_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"netql/query"
	"netql/query/syntax"
)

// sum is the record of a table that lists nothing: the sum of what it is asked.
type sum struct{ question query.Question }

func (a *sum) number(name string) (int, bool) { n, ok := a.question[name].(int); return n, ok }

// oracle answers, and notes what it was asked, and in how many scans.
type oracle struct {
	asked []string
	scans int
}

type answerScan struct {
	oracle  *oracle
	request query.Request
}

func (answerScan) String() string { return "the oracle" }

func (s answerScan) Rows(ctx context.Context) iter.Seq2[*sum, error] {
	return func(yield func(*sum, error) bool) {
		s.oracle.scans++
		for _, q := range s.request.Questions {
			if err := context.Cause(ctx); err != nil {
				yield(nil, err)
				return
			}
			s.oracle.asked = append(s.oracle.asked, strings.TrimPrefix(fmt.Sprint(map[string]any(q)), "map"))
			if q["x"] != 443 && !yield(&sum{q}, nil) {
				return
			}
		}
	}
}

// oracleCatalog has conns, and sums: x + y for x, which it must be asked by, and y, which is 0 if it is not.
func oracleCatalog(o *oracle) *query.Catalog {
	sums := query.Define(query.Spec[sum]{
		Doc: "D.", Examples: []string{"sums x == 1"}, Shown: []string{"x", "y", "sum"}, Key: []string{"x", "y"},
		AskedBy: []string{"x", "y"},
		Columns: []query.Column[sum]{
			query.Opt("x", "x.", func(a *sum) (int, bool) { return a.number("x") }),
			query.Opt("y", "x.", func(a *sum) (int, bool) { return a.number("y") }),
			query.Col("sum", "x.", func(a *sum) int {
				x, _ := a.number("x")
				y, _ := a.number("y")
				return x + y
			}),
		},
		Scan: func(r query.Request) query.Scan[sum] { return answerScan{o, r} },
	})
	return query.NewCatalog([]query.Declaration{connTable(&scanned{}), declare("sums", sums)}, functions()...)
}

// TestQuestions: what conditions and joins ask, each once, and what comes of the answers.
func TestQuestions(t *testing.T) {
	for text, want := range map[string]string{
		"sums x == 1":                                      "1 <nil> 1 <- [x:1]",
		"sums x in [1, 2, 1] and y == 5":                   "1 5 6; 2 5 7 <- [x:1 y:5] [x:2 y:5]",
		"sums x == 1 or x == 2 and y in 3..4":              "1 <nil> 1; 2 3 5; 2 4 6 <- [x:1] [x:2 y:3] [x:2 y:4]",
		"sums x == 1 and x == 2":                           " <- ",
		"sums x == 1 and y == nil":                         "1 <nil> 1 <- [x:1]",
		"sums x == 1 and y != 3":                           "1 <nil> 1 <- [x:1]",
		"sums x in [1, 2] and sum > 1":                     "2 <nil> 2 <- [x:1] [x:2]",
		"sums x in [1, 2] | where y == 1":                  "1 1 2; 2 1 3 <- [x:1 y:1] [x:2 y:1]",
		"sums x in [1, 2] | limit 1":                       "1 <nil> 1 <- [x:1]",
		"conns | join sums on rport == x | select id, sum": "4 22; 6 80; 7 80 <- [x:443] [x:22] [x:80]",
		"conns | join left sums on rport == x | select id, sum": "1 <nil>; 2 <nil>; 3 <nil>; 4 22; 5 <nil>; 6 80; 7 " +
			"80 <- [x:443] [x:22] [x:80]",
		"conns | join sums on rport == x, id == y | select id, sum": "4 26; 6 86; 7 87 <- [x:443 y:2] [x:443 y:3] " +
			"[x:22 y:4] [x:443 y:5] [x:80 y:6] [x:80 y:7]",
		"conns | join sums on rport == x | where y in [1, 2] and x == 22 | select id, sum": "4 23; 4 24 " +
			"<- [x:22 y:1] [x:22 y:2]",
		"conns id < 3 | join (sums x in [1, 2]) on id == x | select id, sum": "1 1; 2 2 <- [x:1] [x:2]",
	} {
		o := &oracle{}
		plan, err := query.Compile(text, oracleCatalog(o), nil)
		rows := strings.ReplaceAll(rowsOf(t, plan, err), "\n", "; ")
		if got := rows + " <- " + strings.Join(o.asked, " "); got != want {
			t.Errorf("%s\ngives %s\nwant  %s", text, got, want)
		}
		if o.scans > 1 {
			t.Errorf("%s: %d scans", text, o.scans)
		}
		asked := strings.Join(o.asked, " ")
		o.asked = nil
		unhinted, err := query.CompileUnhinted(text, oracleCatalog(o), nil)
		if got := strings.ReplaceAll(rowsOf(t, unhinted, err), "\n", "; "); got != rows ||
			strings.Join(o.asked, " ") != asked {
			t.Errorf("%s without hints\ngives %s <- %v", text, got, o.asked)
		}
	}
}

// TestUnasked: a query that does not ask what must be asked, or too much, is wrong, and says how to.
func TestUnasked(t *testing.T) {
	for text, want := range map[string]string{
		"sums":        "sums lists nothing: it answers what it is asked by x; for example: sums x == 1",
		"sums y == 1": "sums lists nothing: it answers what it is asked by x; for example: sums x == 1",
		"sums x > 1": "sums is asked by single values of x: x == ... or x in [...]; for example: sums x " +
			"== 1",
		"sums x == 1 or y == 2": "sums is asked by single values of x: x == ... or x in [...]; for example: sums x " +
			"== 1",
		"sums x == 1 and y > 2": "y is a part of what sums is asked, and needs a value; give it one by == or in: y " +
			"== ...",
		"sums x in 1..2000": "the conditions ask sums more than 1024 questions; give fewer values, or put them into " +
			"several queries",
		"sums x in 1..100 and y in 1..100": "the conditions ask sums more than 1024 questions; give fewer values, or " +
			"put them into several queries",
		"sums | limit 1 | where x == 1": "sums lists nothing: it answers what it is asked by x; for example: sums x " +
			"== 1",
		"conns | join sums on id == y": "sums lists nothing: it answers what it is asked by x; for example: join " +
			"sums on ",
		"conns | join (sums) on id == x": "sums lists nothing: it answers what it is asked by x; for example: sums x " +
			"== 1",
	} {
		_, err := query.Compile(text, oracleCatalog(&oracle{}), nil)
		wrong, ok := errors.AsType[*syntax.Error](err)
		if !ok || !strings.HasPrefix(wrong.Message+"; "+wrong.Hint, want) {
			t.Errorf("%s: %+v, want %s", text, err, want)
			if ok {
				t.Log(wrong.Hint)
			}
		}
	}
	if plan, err := query.CompileBeginning("sums", oracleCatalog(&oracle{}), nil); err != nil ||
		len(plan.Schema().Columns) != 3 {
		t.Errorf("the beginning of a query: %v", err)
	}
}

// TestQuestionsEnd: a join that asks ends with its context, and says why.
func TestQuestionsEnd(t *testing.T) {
	plan, err := query.Compile("conns | join sums on id == x", oracleCatalog(&oracle{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ends := 0
	for row, err := range plan.Rows(ctx) {
		if ends++; row != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%v, %v", row, err)
		}
	}
	if ends != 1 {
		t.Errorf("it ends %d times", ends)
	}
}

// TestExplainQuestions: explain says what a table is asked.
func TestExplainQuestions(t *testing.T) {
	for text, want := range map[string]string{
		"sums x in [1, 2]": "scan sums: the oracle; asked for x 1; x 2\n",
		"sums x == 1 and x == 2": "scan sums: the oracle; nothing: no question can satisfy the " +
			"conditions\n",
		"sums x in 1..9":                              "asked for x 1; x 2; x 3; x 4; and 5 more\n",
		"conns | join sums on id == x":                "  scan sums: the oracle; asked once for each id\n",
		"conns | join sums on id == x | where y == 3": "asked once for each id, with y 3\n",
	} {
		plan, err := query.Compile(text, oracleCatalog(&oracle{}), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.Explain(); !strings.Contains(got, want) {
			t.Errorf("%s: %s", text, got)
		}
	}
}
