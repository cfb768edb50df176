package capture

import (
	"errors"
	"path"
	"strings"

	"netql/sources/containers"
)

// errRedacted says why a file is missing.
var errRedacted = errors.New("the capture is redacted, and there is no rule for this file")

// processKind begins the pseudonyms of processes.
const processKind = "p"

// plainRoots are directories in which names are kept, because the kernel or a distribution chose them, or they are of
// interfaces. privateRoots are those in which people chose the names.
var (
	plainRoots   = []string{"/proc", "/etc", "/usr/share/iproute2"}
	privateRoots = []string{"/sys/fs/cgroup/unified", "/sys/fs/cgroup", "/run/netns", "/var/run/netns"}
)

// filePath is the path of a file in the redacted capture.
func (r *redactor) filePath(name string) string {
	for _, root := range plainRoots {
		if under(name, root) || under(root, name) {
			return name
		}
	}
	for _, root := range privateRoots {
		if under(root, name) {
			return name
		}
		if under(name, root) {
			components := strings.Split(name[len(root)+1:], "/")
			for i, c := range components {
				if !r.plain[c] {
					components[i] = r.component(c)
				}
			}
			return root + "/" + strings.Join(components, "/")
		}
	}
	if rest, ok := strings.CutPrefix(name, "/run/user/"); ok {
		user, below, _ := strings.Cut(rest, "/")
		return "/run/user/" + decimal(user) + r.path("/"+below)
	}
	return r.path(name)
}

// runtimeFileRule is the rule for files of container runtimes; nil for others.
func runtimeFileRule(name string) fileRedactor {
	if !containers.IsFile(name) {
		return nil
	}
	return func(r *redactor, data []byte) []byte {
		return containers.Redacted(name, data, containers.Pseudonyms{
			ID: r.container, Name: r.name, Path: r.path, Address: r.address,
		})
	}
}

// under says whether a path is a directory or below it.
func under(name, dir string) bool {
	return dir == "/" || name == dir || strings.HasPrefix(name, dir+"/")
}

// entryName is the name of an entry of a directory.
func (r *redactor) entryName(dir, name string) string {
	return path.Base(r.filePath(path.Join(dir, name)))
}

// plainFiles are the names of the files of control groups.
func plainFiles(all map[string]*fileFacts) map[string]bool {
	names := map[string]bool{"cgroup.controllers": true}
	for name, f := range all {
		if !under(name, "/sys/fs/cgroup") || f.listing == nil {
			continue
		}
		for _, e := range f.listing.entries {
			if e.Type.IsRegular() {
				names[e.Name] = true
			}
		}
	}
	return names
}

func (r *redactor) target(name, target string) string {
	if r.patterns.object.MatchString(target) || target == "" {
		return target
	}
	return r.path(target)
}

// A fileRedactor redacts the content of a file.
type fileRedactor func(r *redactor, data []byte) []byte

func (r *redactor) fileRule(name string) fileRedactor {
	if rule := runtimeFileRule(name); rule != nil {
		return rule
	}
	for _, rule := range r.files {
		for _, pattern := range strings.Fields(rule.patterns) {
			if matched, err := path.Match(pattern, name); err == nil && matched {
				return rule.redact
			}
		}
	}
	return nil
}

// A fileRule redacts the files whose path matches one of the patterns (path.Match), which are separated by spaces.
type fileRule struct {
	patterns string
	redact   fileRedactor
}

// fileRules are the rules for all files that a redacted capture holds; the first pattern that matches counts. A file
// with addresses in the kernel's hexadecimal has byLine(hexFields(...)), with the fields that they are; one with
// addresses as text has scrub; one that is a name has wholeName. The last rule is for files that hold no address, no
// name that people chose and no path: they stay as they are.
func fileRules() []fileRule {
	return []fileRule{
		{"/etc/passwd", byLine((*redactor).account)},
		{"/etc/iproute2/* /etc/iproute2/*/*", byLine((*redactor).numberName)},
		{"/etc/networks", byLine((*redactor).networkLine)},
		{"/proc/*/stat", (*redactor).processStat},
		{"/proc/*/cmdline", (*redactor).arguments},
		{"/proc/*/cgroup", byLine((*redactor).cgroupLine)},
		{"/proc/*/status", byLine((*redactor).statusLine)},
		{"/proc/self/mountinfo", (*redactor).procMounts},
		{"/proc/sys/kernel/hostname", func(r *redactor, data []byte) []byte { return r.wholeName("host", data) }},
		{"/proc/sys/net/*/*/*/stable_secret", func(*redactor, []byte) []byte { return nil }},
		{"/proc/net/tcp /proc/net/udp /proc/net/udplite /proc/net/raw /proc/net/icmp " +
			"/proc/net/tcp6 /proc/net/udp6 /proc/net/udplite6 /proc/net/raw6 /proc/net/icmp6",
			byLine(hexFields(1, 2))},
		{"/proc/net/ipv6_route", byLine((*redactor).route6Line)},
		{"/proc/net/igmp", byLine(hexFields(0))},
		{"/proc/net/ip_mr_cache", byLine(hexFields(0, 1))},
		{"/proc/net/ip_mr_vif", byLine(hexFields(7, 8))},
		{"/proc/net/mcfilter", byLine((*redactor).filterLine)},
		{"/proc/net/dev_mcast", byLine((*redactor).hardwareLine)},
		{"/proc/net/unix", byLine((*redactor).unixLine)},
		{"/proc/net/igmp6 /proc/net/mcfilter6 /proc/net/if_inet6 /proc/net/ip6_mr_cache /proc/net/sctp/snmp " +
			"/proc/sys/net/* /proc/sys/net/*/* /proc/sys/net/*/*/* /proc/sys/net/*/*/*/*", (*redactor).scrub},
		{"/etc/services /etc/protocols /usr/share/iproute2/* /usr/share/iproute2/*/* " +
			"/proc/net/snmp /proc/net/snmp6 /proc/net/netstat /proc/net/sockstat /proc/net/sockstat6 " +
			"/proc/net/softnet_stat /proc/net/protocols /proc/net/xfrm_stat /proc/net/tls_stat /proc/net/rt6_stats " +
			"/proc/net/packet /proc/net/netlink /proc/net/ip6_mr_vif /proc/net/stat/* " +
			"/proc/uptime /proc/stat /proc/slabinfo /proc/*/limits " +
			"/proc/sys/fs/* /proc/sys/fs/epoll/* /proc/sys/user/* /proc/sys/vm/* " +
			"/proc/sys/kernel/pid_max /proc/sys/kernel/threads-max /proc/sys/kernel/unprivileged_bpf_disabled " +
			"/proc/sys/kernel/osrelease /sys/fs/cgroup/cgroup.controllers",
			func(_ *redactor, data []byte) []byte { return data }},
	}
}
