package shell

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote"
	"netql/shell/remote/subprocess"
	"netql/sources"
	"netql/tables"
)

// Defaults of the flags about hosts. A server of ssh refuses connections that come too many at a time (MaxStartups).
const (
	defaultAbreast     = 16
	defaultHostTimeout = 10 * time.Second
	maxAbreast         = 4096
)

// useRemote makes a list of hosts the target, each of which answers by its own netql.
func (t *target) useRemote(text string, o *options) error {
	addresses, err := remote.ParseList(text,
		func(file string) (string, error) { return readTextFile(expandHome(file)) })
	if wrong, ok := errors.AsType[*remote.ListError](err); ok {
		return usagef("--hosts: %v", wrong).withHint("%s", wrong.Hint)
	}
	if err != nil {
		return usagef("--hosts: %v", err)
	}
	names := remote.Names(addresses)
	transport := &subprocess.Transport{Abreast: o.abreast}
	via := splitWords(o.via)
	for i, a := range addresses {
		transport.Hosts = append(transport.Hosts,
			subprocess.Host{Name: names[i], Command: subprocess.Command(via, string(a))})
	}
	hosts := remote.New(names, transport, remote.Options{Timeout: o.hostTimeout, Namespace: o.netns})
	one := t.tables
	if o.netns == allNamespaces {
		one = tables.Everywhere(one)
	}
	system := sources.Live()
	t.use(system)
	t.system = nil
	t.remote, t.catalog = hosts, remote.Catalog(one)
	t.release = hosts.Close
	t.name = counted(len(names), "host")
	return nil
}

// plan compiles a query over the target.
func (t *target) plan(text string) (*query.Plan, error) {
	if t.remote != nil {
		return query.CompileCut(text, t.catalog, t.state(), t.remote.Ask)
	}
	return query.Compile(text, t.catalog, t.state())
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
