package shell

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
	"netql/shell/remote"
	"netql/shell/remote/subprocess"
	"netql/sources"
	"netql/tables"
)

// hubScheme begins the address of a hub, which netql-fleet alone can ask.
const hubScheme = "nats://"

// Defaults of the flags about hosts. A server of ssh refuses connections that come too many at a time (MaxStartups).
const (
	defaultAbreast     = 16
	defaultHostTimeout = 10 * time.Second
	maxAbreast         = 4096
	leastHostTimeout   = 2 * time.Second // a host that works says so each second
)

// checkHostFlags is a usage error where a flag is given that is about hosts, and nothing asks any.
func (o *options) checkHostFlags(words []string) error {
	if o.hosts != "" && firstOf(words) == answerName {
		return usagef("netql answer asks nobody")
	}
	for _, name := range []string{"via", "abreast", "host-timeout"} {
		if o.hosts == "" && len(words) > 0 && slices.Contains(o.given, name) {
			return usagef("--%s goes with --hosts", name).withHint("netql --hosts web1,web2 'QUERY'")
		}
	}
	return nil
}

// A Reach is a further way to reach hosts, beside programs: --hosts SCHEME://ADDRESS.
type Reach struct {
	Scheme string // such as nats
	// Open finds the hosts behind an address, which is what --hosts names. read gives a file of hosts that it names, as
	// for remote.ParseList.
	Open func(address string, read func(file string) (string, error)) (Reached, error)
}

// Reached is hosts that can be asked.
type Reached struct {
	Names     []string // of the hosts, each once
	Transport remote.Transport
	Notes     func() []string // what is to be known of the list of hosts, which each answer warns of; nil for nothing
	Close     func()          // when nothing more is asked; nil for nothing to close
}

// WrongUse is an error of the command line: what it names cannot be meant. It is for Reach.Open.
func WrongUse(err error) error { return usagef("%v", err) }

// useRemote makes a list of hosts the target, each of which answers by its own netql.
func (t *target) useRemote(list string, o *options) error {
	reached, err := t.reach(list, o)
	if err != nil {
		return err
	}
	one := t.tables
	if o.netns == allNamespaces {
		one = tables.Everywhere(one)
	}
	t.use(sources.Live())
	t.system = nil // state is that of the asker, for names in the query itself
	t.remote = remote.New(reached.Names, reached.Transport,
		remote.Options{Timeout: o.hostTimeout, Namespace: o.netns, Notes: reached.Notes})
	t.catalog, t.release, t.leave = t.remote.Catalog(one), t.remote.Close, reached.Close
	t.name = counted(len(reached.Names), "host")
	t.applyHostsColumns(o.columns)
	return nil
}

// reach finds the hosts of a list.
func (t *target) reach(list string, o *options) (Reached, error) {
	for _, r := range t.reaches {
		if strings.HasPrefix(list, r.Scheme+"://") {
			if slices.Contains(o.given, "via") {
				return Reached{}, usagef("--via does not go with --hosts %s://", r.Scheme)
			}
			reached, err := r.Open(list, t.readList)
			return reached, wrongList(err)
		}
	}
	if len(t.reaches) == 0 && strings.HasPrefix(list, hubScheme) {
		return Reached{}, usagef("--hosts %s is for netql-fleet", schema.Visible(list)).
			withHint("it is netql with that way to reach hosts: netql-fleet --hosts %s", schema.Visible(list))
	}
	return t.reachByProgram(list, o)
}

// reachByProgram reaches hosts by a program for each, such as ssh.
func (t *target) reachByProgram(list string, o *options) (Reached, error) {
	addresses, err := remote.ParseList(list, t.readList)
	if err != nil {
		return Reached{}, wrongList(err)
	}
	via, names := splitWords(o.via), remote.Names(addresses)
	transport := &subprocess.Transport{Abreast: o.abreast}
	for i, a := range addresses {
		transport.Hosts = append(transport.Hosts,
			subprocess.Host{Name: names[i], Command: subprocess.Command(via, string(a))})
	}
	return Reached{Names: names, Transport: transport}, nil
}

// readList reads a file of hosts.
func (t *target) readList(file string) (string, error) {
	text, err := t.lists.read(file)
	if _, usage := errors.AsType[*usageError](err); err != nil && !usage && !isUnheard(err) {
		err = usagef("cannot read the hosts: %v", err)
	}
	return text, err
}

// wrongList is the error of a command line with a list of hosts that is wrong; other errors stay as they are.
func wrongList(err error) error {
	if wrong, ok := errors.AsType[*remote.ListError](err); ok {
		return usagef("%v", wrong).withHint("%s", wrong.Hint)
	}
	return err
}

// plan compiles a query over the target.
func (t *target) plan(text string) (*query.Plan, error) {
	if t.remote != nil {
		return query.CompileCut(text, t.catalog, t.state(), t.remote.Ask)
	}
	plan, err := query.Compile(text, t.catalog, t.state())
	if wrong, ok := errors.AsType[*syntax.Error](err); ok {
		err = t.hintHosts(wrong)
	}
	return plan, err
}

// hintHosts says how hosts are asked, where a query names what is there only then.
func (t *target) hintHosts(wrong *syntax.Error) *syntax.Error {
	hint := ""
	switch name := strings.ToLower(wrong.Unknown); {
	case name == "hosts":
		hint = "it tells of hosts that are asked: --hosts web1,web2, or at the prompt: use hosts web1,web2"
	case name == "host" && t.several == nil:
		hint = "it is there where several hosts are asked: --hosts web1,web2, or at the prompt: use hosts web1,web2"
	default:
		return wrong
	}
	hinted := *wrong
	hinted.Hint, hinted.Fix, hinted.Line = hint, nil, ""
	return &hinted
}

// hostsSentence says for the person at the prompt which hosts queries ask.
func hostsSentence(names []string) string {
	var shown []string
	for _, name := range names[:min(len(names), longestHostList)] {
		shown = append(shown, schema.Visible(name))
	}
	if more := len(names) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("and %s more", grouped(more)))
	}
	return fmt.Sprintf("queries ask %s: %s", counted(len(names), "host"), strings.Join(shown, ", "))
}
