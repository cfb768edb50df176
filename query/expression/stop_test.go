package expression

import (
	"context"
	"strings"
	"testing"

	"netql/query/schema"
	"netql/query/stop"
)

// TestEvaluationStops: an evaluation that is stopped in the middle goes no further, gives NULL and complains of
// nothing. enough() stops it; step() counts what comes after.
func TestEvaluationStops(t *testing.T) {
	letters := `split(replace(replace("` + strings.Repeat("x", 100) + `", "x", process), "n", process), "")`
	for _, text := range []string{
		"[enough(1), step(1)]",
		"step(enough(1))",
		"any(" + letters + ", enough(#) == step(#))",
		"map(" + letters + ", any(" + letters + ", enough(#) == step(#)))",
		"enough(1) == 1 ? step(1) : step(2)",
		"enough(1) == 2 or step(1) == 1",
		"int(enough(1)) + int(step(process))",
	} {
		flag, after := &stop.Flag{}, 0
		ctx, cancel := context.WithCancel(t.Context())
		defer flag.SetWhenDone(ctx)()
		enough := func(args []any) (any, error) {
			cancel()
			for !flag.Set() {
			}
			return args[0], nil
		}
		step := func(args []any) (any, error) {
			if flag.Set() {
				after++
			}
			return args[0], nil
		}
		s := scope()
		s.Stop = flag
		s.Warn = func(message string) { t.Errorf("%s: warning %q", text, message) }
		s.Functions = []Function{
			{Name: "enough", Params: onAny, Result: schema.Of(schema.Any), Costly: true, Call: enough},
			{Name: "step", Params: onAny, Result: schema.Of(schema.Any), Costly: true, Call: step},
		}
		e, err := Compile(expressionOf(t, text), s)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := e.Eval(&row); got != nil || after > 0 {
			t.Errorf("%s: %v, after %d more steps", text, got, after)
		}
	}
}

// TestMatchStops: a regular expression leaves a long text in the middle.
func TestMatchStops(t *testing.T) {
	flag := &stop.Flag{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	text := strings.Repeat("x", 1<<20) + "y"
	p, err := compilePattern("x*y")
	if err != nil || !p.matches(text, nil) || !p.matches(text, flag) {
		t.Fatalf("no match: %v", err)
	}
	defer flag.SetWhenDone(ctx)()
	read := &stoppable{*strings.NewReader(text), flag}
	if p.matches(text, flag) || p.MatchReader(read) || read.Len() < 1<<20 {
		t.Errorf("%d bytes are left of the text", read.Len())
	}
}

// TestAccumulatorsStop: percentiles and lists are sorted, which ends, too.
func TestAccumulatorsStop(t *testing.T) {
	flag := &stop.Flag{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	release := flag.SetWhenDone(ctx)
	for name, want := range map[string]any{"p95": nil, "list": nil} {
		f, _ := aggregateFunction(name)
		a := f.accumulator(accumulation{argument: schema.Of(schema.Int), stop: flag})
		a.Add(2)
		a.Add(1)
		if got := a.Result(); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	release()
}
