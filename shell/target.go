package shell

import (
	"path/filepath"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote"
	"netql/shell/render"
	"netql/sources"
	"netql/sources/capture"
	"netql/tables"
)

// target is what queries ask: the running system, another network namespace, all of them, or a capture.
type target struct {
	name     string                    // by which the prompt calls it; "" for the running system
	system   *sources.System           // nil for several: all network namespaces, or several captures
	captured *capture.Capture          // the capture that system reads; nil for a running system, and for several
	several  *hostCaptures             // the captures, where there are several; else nil
	remote   *remote.Hosts             // the hosts that answer by themselves, where these are asked; else nil
	tables   *query.Catalog            // the tables of one network stack
	catalog  *query.Catalog            // the tables that queries may name: these, or their unions over all namespaces
	state    func() *tables.QueryState // makes the state of a query: each query has its own
	reaches  []Reach                   // further ways to reach hosts
	lists    hostLists                 // reads the lists of hosts in files
	leave    func()                    // leaves the network namespace that was entered; nil if none was
	release  func()                    // closes what the last answer held open; nil if nothing can be
}

// use makes a system the target of the queries from now on.
func (t *target) use(system *sources.System) {
	t.closeTarget()
	state := func() *tables.QueryState { return tables.Ask(system) }
	*t = target{system: system, reaches: t.reaches, lists: t.lists, tables: t.tables, catalog: t.tables,
		state: state}
}

// useOptions makes what --capture or --netns names the target; without them the target stays.
func (t *target) useOptions(o *options) error {
	switch {
	case o.hosts != "" && o.capture != "":
		return usagef("--hosts and --capture do not go together").
			withHint("captures of several hosts are asked without them: --capture FILE,FILE")
	case o.hosts != "":
		return t.useRemote(o.hosts, o)
	case o.capture != "" && o.netns != "":
		return usagef("--capture and --netns do not go together").withHint("a capture is of one network namespace")
	case o.capture != "":
		return t.useCapture(o.capture, o)
	case o.netns != "":
		return t.useNamespace(o.netns)
	}
	return nil
}

// useCapture makes a capture the target, or several (captureFiles).
func (t *target) useCapture(word string, o *options) error {
	files, several, err := captureFiles(word)
	switch {
	case err != nil:
		return err
	case several:
		return t.useHosts(files, o)
	}
	path := files[0].path
	c, err := capture.Open(path)
	if err != nil {
		return err
	}
	t.use(o.systemOf(c))
	t.captured = c
	t.name = filepath.Base(path) + " " + c.Manifest.Time.Local().Format("15:04")
	return nil
}

// useHosts makes several captures the target.
func (t *target) useHosts(files []captureFile, o *options) error {
	several, err := o.openHosts(files)
	if err != nil {
		return err
	}
	t.use(nil)
	t.several, t.catalog = several, tables.Hosts(t.tables)
	t.state = func() *tables.QueryState { return tables.AskHosts(several.hosts) }
	t.name = several.count()
	return nil
}

// systemOf is the system that reads a capture. The names of addresses are not in captures: --resolve asks DNS now.
func (o *options) systemOf(c *capture.Capture) *sources.System {
	system := c.System()
	if o.resolve {
		system.Names = sources.Resolver
	}
	return system
}

// targetSentence says what queries ask, for the person at the prompt.
func (t *target) targetSentence() string {
	switch {
	case t.captured != nil:
		return "queries ask the capture: " + schema.Visible(t.captured.Manifest.String())
	case t.several != nil:
		return t.several.sentence()
	case t.remote != nil:
		return hostsSentence(t.remote.Names())
	case t.system == nil:
		return "queries ask all network namespaces"
	case t.leave != nil:
		return "queries ask " + schema.Visible(t.system.Name)
	}
	return "queries ask the running system"
}

// longestName is how many characters of the target's name the prompt shows.
const longestName = 30

// promptText is the prompt, which tells what queries ask; in a window that has little room for more, that it is one.
func (t *target) promptText(window int) string {
	name := []rune(schema.Visible(t.name))
	if len(name) > longestName {
		name = append(name[:longestName-1], '…')
	}
	if text := "netql " + string(name) + "> "; t.name != "" && render.Width(text) < window/2 {
		return text
	}
	return firstPrompt
}

// borrowed is a copy of the target that closes nothing when it is closed.
func (t *target) borrowed() target {
	return target{system: t.system, reaches: t.reaches, lists: t.lists, captured: t.captured, several: t.several,
		remote: t.remote, tables: t.tables, catalog: t.catalog, state: t.state}
}

// closeTarget leaves the network namespace that was entered. What the last answer held open must be closed before.
func (t *target) closeTarget() {
	if t.leave != nil {
		t.leave()
	}
	t.leave, t.release = nil, nil
}

// releaseAnswer closes what the last answer held open, such as the namespaces of --netns all. Its rows must not be read
// any more.
func (t *target) releaseAnswer() {
	if t.release != nil {
		t.release()
	}
}

// hostsPatience is how long the end of the program waits for that of what reaches hosts.
const hostsPatience = 10 * time.Second

// endReached ends what reaches hosts, at any time. The program is about to end.
func (t *target) endReached() {
	if t.remote == nil {
		return
	}
	ended := make(chan struct{})
	go func() {
		t.remote.End()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(hostsPatience):
	}
}

// rejectIfLive is a usage error where the target is a capture and the plan needs more than one sample.
func (t *target) rejectIfLive(plan *query.Plan) error {
	if t.captured == nil && t.several == nil {
		return nil
	}
	return rejectLive(plan)
}

// rejectLive is a usage error for a plan that needs events, or more than one sample.
func rejectLive(plan *query.Plan) error {
	if need := plan.Live(); need != "" {
		return usagef("%s, and a capture is a single sample", need).
			withHint("leave it out, or compare two captures: netql diff A B")
	}
	return nil
}

// errSeveral is the usage error of a target that is several systems where one is needed, for this reason.
func (t *target) errSeveral(reason string) error {
	switch {
	case t.several != nil:
		return usagef("%s, and these are %s", reason, t.several.count()).
			withHint("name one: netql --capture FILE")
	case t.remote != nil:
		return usagef("%s, and these are %s", reason, counted(len(t.remote.Names()), "host")).
			withHint("run netql on one of them")
	}
	return usagef("%s, and --netns all stands for several", reason).
		withHint("name one: netql --netns NAME; the table namespaces lists them")
}
