// Package asker asks the hosts of a fleet over NATS.
package asker

import (
	"strings"

	"netql/shell/fleet/connect"
	"netql/shell/fleet/subject"
	"netql/shell/remote"
)

// target is what --hosts names: nats://SERVER[,SERVER...][/HOST,HOST...]. HOST may be @FILE.
type target struct {
	servers []string
	hosts   []string // nil for all
}

func parseTarget(text string, read func(file string) (string, error)) (target, error) {
	list, hosts, _ := strings.Cut(withoutSchemes(text), "/")
	servers, err := connect.Servers(list)
	if err != nil {
		return target{}, err
	}
	t := target{servers: servers}
	if hosts == "" {
		return t, nil
	}
	named, err := remote.ParseList(hosts, read)
	if err != nil {
		return target{}, err
	}
	for _, name := range named {
		if err := subject.CheckName(string(name)); err != nil {
			return target{}, err
		}
		t.hosts = append(t.hosts, string(name))
	}
	return t, nil
}

// withoutSchemes is the text without the schemes before its servers.
func withoutSchemes(text string) string {
	for _, scheme := range []string{"nats://", "tls://"} {
		text = strings.ReplaceAll(text, scheme, "")
	}
	return text
}

// server is the name of the first server, by which files are called.
func (t target) server() string {
	name := strings.TrimPrefix(t.servers[0], "tls://")
	if i := strings.LastIndexByte(name, ':'); i > 0 && !strings.HasSuffix(name, "]") {
		name = name[:i]
	}
	return strings.Trim(name, "[]")
}
