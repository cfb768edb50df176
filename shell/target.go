package shell

import (
	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/capture"
	"netql/tables"
)

// target is what answers queries: the running system, another network namespace, all of them, or a capture.
type target struct {
	system   *sources.System           // nil for all network namespaces
	captured *capture.Capture          // that system is of; nil if it runs
	tables   *query.Catalog            // of one network stack
	catalog  *query.Catalog            // what can be asked: these tables, or those of all network namespaces
	state    func() *tables.QueryState // begins a query: each has a state of its own
	leave    func()                    // leaves the namespace that answers; nil if there is none
	release  func()                    // closes what one answer needed; nil if there is nothing
}

// use lets all queries from now on ask one system.
func (t *target) use(system *sources.System) {
	t.closeTarget()
	state := func() *tables.QueryState { return tables.Ask(system) }
	*t = target{system: system, tables: t.tables, catalog: t.tables, state: state}
}

// useOptions lets them ask what the flags say.
func (t *target) useOptions(o *options) error {
	switch {
	case o.capture != "" && o.netns != "":
		return usagef("--capture and --netns cannot both answer").withHint("a capture is of one network namespace")
	case o.capture != "":
		return t.useCapture(o.capture, o)
	case o.netns != "":
		return t.useNamespace(o.netns)
	}
	return nil
}

// useCapture lets them ask a capture.
func (t *target) useCapture(path string, o *options) error {
	c, err := capture.Open(path)
	if err != nil {
		return err
	}
	t.use(o.systemOf(c))
	t.captured = c
	return nil
}

// systemOf is the system of a capture, which knows the names of addresses only where DNS shall be asked now.
func (o *options) systemOf(c *capture.Capture) *sources.System {
	system := c.System()
	if o.resolve {
		system.Names = sources.Resolver
	}
	return system
}

// whatAnswers is a sentence.
func (t *target) whatAnswers() string {
	switch {
	case t.captured != nil:
		return "the capture answers: " + schema.Visible(t.captured.Manifest.String())
	case t.system == nil:
		return "all network namespaces answer"
	case t.leave != nil:
		return schema.Visible(t.system.Name) + " answers"
	}
	return "the running system answers"
}

// borrowed is the same target for a while: to close it closes nothing.
func (t *target) borrowed() target {
	return target{system: t.system, captured: t.captured, tables: t.tables, catalog: t.catalog, state: t.state}
}

// closeTarget leaves the namespace that was entered.
func (t *target) closeTarget() {
	if t.leave != nil {
		t.leave()
	}
	t.leave, t.release = nil, nil
}

// releaseAnswer closes what one answer needed.
func (t *target) releaseAnswer() {
	if t.release != nil {
		t.release()
	}
}

// rejectIfLive refuses a plan that waits for something to happen in a capture.
func (t *target) rejectIfLive(plan *query.Plan) error {
	if t.captured == nil {
		return nil
	}
	return momentary(plan)
}

// momentary refuses a plan that more than one moment answers.
func momentary(plan *query.Plan) error {
	if need := plan.Live(); need != "" {
		return usagef("%s, and a capture is one moment that has passed", need).
			withHint("leave it out, or compare two captures: netql diff A B")
	}
	return nil
}
