// Package asker asks the hosts of a fleet over NATS.
package asker

import (
	"strings"

	"netql/shell/fleet/connect"
	"netql/shell/fleet/subject"
)

// target is what --hosts names: nats://SERVER[,SERVER...][/HOST,HOST...].
type target struct {
	servers []string
	hosts   []string // nil for all
}

func parseTarget(text string) (target, error) {
	rest := text
	for _, scheme := range []string{"nats://", "tls://"} {
		rest = strings.ReplaceAll(rest, scheme, "")
	}
	list, hosts, some := strings.Cut(rest, "/")
	servers, err := connect.Servers(list)
	if err != nil {
		return target{}, err
	}
	t := target{servers: servers}
	if !some || hosts == "" {
		return t, nil
	}
	seen := map[string]bool{}
	for name := range strings.SplitSeq(hosts, ",") {
		if err := subject.CheckName(name); err != nil {
			return target{}, err
		}
		if !seen[name] {
			seen[name] = true
			t.hosts = append(t.hosts, name)
		}
	}
	return t, nil
}

// server is the name of the first server, by which files are called.
func (t target) server() string {
	name := strings.TrimPrefix(t.servers[0], "tls://")
	if i := strings.LastIndexByte(name, ':'); i > 0 && !strings.HasSuffix(name, "]") {
		name = name[:i]
	}
	return strings.Trim(name, "[]")
}
