package capture

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// errRedacted says why a file is missing.
var errRedacted = errors.New("the capture is redacted, and there is no rule for this file")

// processKind begins the pseudonyms of processes.
const processKind = "p"

// plainRoots are the directories whose names are the kernel's, or those of interfaces, which stay. privateRoots are those
// whose names people chose.
var (
	plainRoots   = []string{"proc", "sys/class", "sys/devices", "sys/bus", "sys/module", "etc", "usr/share/iproute2"}
	privateRoots = []string{"sys/fs/cgroup/unified", "sys/fs/cgroup", "run/netns", "var/run/netns"}
)

// filePath is a path as the redacted capture knows it.
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
	return r.path(name)
}

// under says whether a path is a directory or below it.
func under(name, dir string) bool {
	return dir == "." || name == dir || strings.HasPrefix(name, dir+"/")
}

// entryName is the name of an entry of a directory.
func (r *redactor) entryName(dir, name string) string {
	return path.Base(r.filePath(path.Join(dir, name)))
}

// plainFiles are the names of the files of control groups.
func plainFiles(all map[string]*fileFacts) map[string]bool {
	names := map[string]bool{"cgroup.controllers": true}
	for name, f := range all {
		if !under(name, "sys/fs/cgroup") || f.listing == nil {
			continue
		}
		for _, e := range f.listing.entries {
			if e.mode&fs.ModeType == 0 {
				names[e.name] = true
			}
		}
	}
	return names
}

// object is a link to something that has no path: "net:[4026531840]", "socket:[123]".
var object = regexp.MustCompile(`^[a-z_]+:\[[0-9]+\]$`)

func (r *redactor) target(name, target string) string {
	if object.MatchString(target) || under(name, "sys/class") || target == "" {
		return target
	}
	return r.path(target)
}

// A fileRedactor redacts the content of a file.
type fileRedactor func(r *redactor, data []byte) []byte

func fileRule(name string) fileRedactor {
	if parts := strings.SplitN(name, "/", 4); len(parts) == 4 && parts[0] == "proc" && parts[1] != "sys" && parts[2] == "net" {
		name = "proc/net/" + parts[3] // that of a process
	}
	for _, rule := range fileRules {
		for _, pattern := range strings.Fields(rule.patterns) {
			if matched, err := path.Match(pattern, name); err == nil && matched {
				return rule.redact
			}
		}
	}
	return nil
}

// fileRules are the files that a redacted capture holds; the first pattern that matches counts.
var fileRules = []struct {
	patterns string
	redact   fileRedactor
}{
	{"etc/passwd etc/group", eachLine((*redactor).account)},
	{"etc/iproute2/* etc/iproute2/*/*", eachLine((*redactor).numberName)},
	{"proc/*/stat", (*redactor).processStat},
	{"proc/*/comm", func(r *redactor, data []byte) []byte { return r.whole(processKind, data) }},
	{"proc/*/cmdline", (*redactor).arguments},
	{"proc/*/cgroup", eachLine((*redactor).cgroupLine)},
	{"proc/*/status", eachLine((*redactor).statusLine)},
	{"proc/sys/kernel/hostname proc/sys/kernel/domainname etc/hostname", func(r *redactor, data []byte) []byte { return r.whole("host", data) }},
	{"proc/sys/net/*/*/*/stable_secret sys/class/net/*/phys_switch_id sys/class/net/*/phys_port_id sys/class/net/*/uevent", func(*redactor, []byte) []byte { return nil }},
	{"sys/class/net/*/ifalias", func(r *redactor, data []byte) []byte { return r.whole("alias", data) }},
	{"proc/net/tcp proc/net/udp proc/net/udplite proc/net/raw proc/net/icmp proc/net/tcp6 proc/net/udp6 proc/net/udplite6 proc/net/raw6 proc/net/icmp6",
		eachLine(hexFields(1, 2))},
	{"proc/net/route", eachLine((*redactor).routeLine)},
	{"proc/net/ipv6_route", eachLine((*redactor).route6Line)},
	{"proc/net/igmp", eachLine(hexFields(0))},
	{"proc/net/ip_mr_cache", eachLine(hexFields(0, 1))},
	{"proc/net/ip_mr_vif", eachLine(hexFields(7, 8))},
	{"proc/net/mcfilter", eachLine((*redactor).filterLine)},
	{"proc/net/dev_mcast", eachLine((*redactor).hardwareLine)},
	{"proc/net/unix", eachLine((*redactor).unixLine)},
	{"proc/net/igmp6 proc/net/mcfilter6 proc/net/anycast6 proc/net/if_inet6 proc/net/ip6_mr_cache proc/net/arp proc/net/fib_trie " +
		"proc/net/nf_conntrack proc/net/sctp/* proc/net/vlan/* proc/net/bonding/* proc/sys/net/* proc/sys/net/*/* proc/sys/net/*/*/* " +
		"proc/sys/net/*/*/*/* sys/class/net/*/address sys/class/net/*/broadcast", (*redactor).scrub},
	{"etc/services etc/protocols usr/share/iproute2/* usr/share/iproute2/*/* proc/net/snmp proc/net/snmp6 proc/net/netstat proc/net/sockstat " +
		"proc/net/sockstat6 proc/net/softnet_stat proc/net/protocols proc/net/dev proc/net/xfrm_stat proc/net/tls_stat proc/net/rt6_stats " +
		"proc/net/packet proc/net/netlink proc/net/psched proc/net/ptype proc/net/fib_triestat proc/net/ip6_mr_vif proc/net/stat/* proc/net/dev_snmp6/* " +
		"proc/uptime proc/stat proc/meminfo proc/slabinfo proc/loadavg proc/vmstat proc/softirqs proc/buddyinfo proc/sys/kernel/osrelease " +
		"proc/sys/kernel/ostype proc/*/uid_map proc/*/gid_map sys/class/net/*/* sys/class/net/*/statistics/* sys/fs/cgroup/cgroup.controllers",
		func(_ *redactor, data []byte) []byte { return data }},
}

// eachLine redacts a file line by line.
func eachLine(redact func(*redactor, string) string) fileRedactor {
	return func(r *redactor, data []byte) []byte {
		var b bytes.Buffer
		for line := range strings.Lines(string(data)) {
			text := strings.TrimRight(line, "\n")
			b.WriteString(redact(r, text) + line[len(text):])
		}
		return b.Bytes()
	}
}

// whole is a file that is one name.
func (r *redactor) whole(kind string, data []byte) []byte {
	name := strings.TrimRight(string(data), "\n")
	return append([]byte(r.name(kind, name)), data[len(name):]...)
}

// account is a line of passwd or group: a name and a number stay, and nothing else.
func (r *redactor) account(line string) string {
	fields := strings.Split(line, ":")
	if len(fields) < 4 {
		return ""
	}
	name := fields[0]
	if name != "root" {
		name = r.name("user", name)
	}
	return name + ":x:" + decimal(fields[2]) + ":" + decimal(fields[3]) + ":::"
}

func decimal(text string) string {
	if _, err := strconv.ParseUint(text, 10, 64); err != nil {
		return ""
	}
	return text
}

// numberName is a line such as "254 main" of iproute2's tables of names. The numbers up to 255 that iproute2 itself names stay.
func (r *redactor) numberName(line string) string {
	line, _, _ = strings.Cut(line, "#")
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return ""
	}
	switch fields[1] {
	case "unspec", "default", "main", "local", "redirect", "kernel", "boot", "static", "ra", "dhcp", "zebra", "bird", "global", "nowhere", "host", "link", "site":
	default:
		fields[1] = r.name("name", fields[1])
	}
	return fields[0] + "\t" + fields[1]
}

// processStat redacts the command of /proc/PID/stat, which may hold parentheses. /proc/stat is another file.
func (r *redactor) processStat(data []byte) []byte {
	first, last := bytes.IndexByte(data, '('), bytes.LastIndexByte(data, ')')
	if first < 0 || last < first {
		return nil
	}
	return []byte(string(data[:first+1]) + r.name(processKind, string(data[first+1:last])) + string(data[last:]))
}

// arguments redacts each argument of a command line.
func (r *redactor) arguments(data []byte) []byte {
	words := strings.Split(string(data), "\x00")
	for i, word := range words {
		words[i] = r.name("argument", word)
	}
	return []byte(strings.Join(words, "\x00"))
}

func (r *redactor) cgroupLine(line string) string {
	fields := strings.SplitN(line, ":", 3)
	if len(fields) < 3 {
		return ""
	}
	name, deleted := strings.CutSuffix(fields[2], " (deleted)")
	if fields[2] = r.path(name); deleted {
		fields[2] += " (deleted)"
	}
	return strings.Join(fields, ":")
}

func (r *redactor) statusLine(line string) string {
	if name, ok := strings.CutPrefix(line, "Name:\t"); ok {
		return "Name:\t" + r.name(processKind, name)
	}
	return line
}

// hexFields redacts the addresses of some fields of a line, which are words of the machine's byte order in hexadecimal
// digits, with or without a port.
func hexFields(indices ...int) func(*redactor, string) string {
	return func(r *redactor, line string) string {
		return r.fields(line, func(i int, field string) string {
			for _, index := range indices {
				if i == index {
					digits, port, found := strings.Cut(field, ":")
					if b, ok := words(digits); ok && found {
						return r.hexWords(b) + ":" + port
					} else if ok {
						return r.hexWords(b)
					}
				}
			}
			return field
		})
	}
}

// fields replaces the fields of a line and keeps the space between them.
func (r *redactor) fields(line string, replace func(i int, field string) string) string {
	i := -1
	return field.ReplaceAllStringFunc(line, func(text string) string { i++; return replace(i, text) })
}

var field = regexp.MustCompile(`\S+`)

// words reads an address of one or four words.
func words(digits string) ([]byte, bool) {
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) != 4 && len(b) != 16 {
		return nil, false
	}
	swapWords(b)
	return b, true
}

// swapWords turns words of the machine's byte order into ones of network byte order, and back.
func swapWords(b []byte) {
	for ; len(b) >= 4; b = b[4:] {
		binary.NativeEndian.PutUint32(b, binary.BigEndian.Uint32(b))
	}
}

func (r *redactor) hexWords(b []byte) string {
	b = bytes.Clone(r.addressBytes(b))
	swapWords(b)
	return strings.ToUpper(hex.EncodeToString(b))
}

// routeLine is a line of /proc/net/route: interface, destination, gateway and, eighth, the mask.
func (r *redactor) routeLine(line string) string {
	all := strings.Fields(line)
	if len(all) < 8 {
		return line
	}
	destination, ok := words(all[1])
	mask, masked := words(all[7])
	if !ok || !masked {
		return line // the header
	}
	length := commonBits(mask, []byte{255, 255, 255, 255})
	network := bytes.Clone(r.prefixBytes(destination, length))
	swapWords(network)
	return r.fields(hexFields(2)(r, line), func(i int, field string) string {
		if i == 1 {
			return strings.ToUpper(hex.EncodeToString(network))
		}
		return field
	})
}

// route6Line is a line of /proc/net/ipv6_route: destination, its length, source, its length, gateway.
func (r *redactor) route6Line(line string) string {
	all := strings.Fields(line)
	return r.fields(line, func(i int, field string) string {
		b, err := hex.DecodeString(field)
		if err != nil || len(b) != 16 || i > 4 {
			return field
		}
		length := 128
		if i < 4 && i+1 < len(all) {
			if n, err := strconv.ParseUint(all[i+1], 16, 8); err == nil {
				length = int(n)
			}
		}
		return hex.EncodeToString(r.prefixBytes(b, length))
	})
}

// filterLine is a line of /proc/net/mcfilter, with addresses such as 0xe0000001.
func (r *redactor) filterLine(line string) string {
	return r.fields(line, func(_ int, field string) string {
		digits, found := strings.CutPrefix(field, "0x")
		if b, err := hex.DecodeString(digits); found && err == nil && len(b) == 4 {
			return "0x" + hex.EncodeToString(r.addressBytes(b))
		}
		return field
	})
}

// hardwareLine is a line of /proc/net/dev_mcast, whose fifth field is a link-layer address.
func (r *redactor) hardwareLine(line string) string {
	return r.fields(line, func(i int, field string) string {
		if b, err := hex.DecodeString(field); err == nil && i == 4 {
			return hex.EncodeToString(r.hardware(b))
		}
		return field
	})
}

// unixLine is a line of /proc/net/unix, whose eighth field is the path, up to the end; @ begins an abstract name.
func (r *redactor) unixLine(line string) string {
	const before = 7
	places := field.FindAllStringIndex(line, before+1)
	if len(places) <= before || !strings.HasSuffix(strings.Fields(line)[0], ":") {
		return line
	}
	start := places[before][0]
	name, abstract := strings.CutPrefix(line[start:], "@")
	if abstract {
		return line[:start] + "@" + r.name("abstract", name)
	}
	return line[:start] + r.path(name)
}

// addressLike is what may be an address: digits with colons or points, or 32 digits.
var addressLike = regexp.MustCompile(`[0-9A-Fa-f]*(?:[:.][0-9A-Fa-f]*)+|\b[0-9A-Fa-f]{32}\b`)

var dotted = regexp.MustCompile(`[0-9]{1,3}(?:\.[0-9]{1,3}){3}`)

// scrub replaces all addresses in a text.
func (r *redactor) scrub(data []byte) []byte {
	return addressLike.ReplaceAllFunc(data, func(token []byte) []byte {
		if b, err := hex.DecodeString(string(token)); err == nil && len(b) == 16 {
			return []byte(hex.EncodeToString(r.addressBytes(b)))
		}
		if a, err := netip.ParseAddr(string(token)); err == nil {
			return []byte(r.address(a).String())
		}
		if mac, err := net.ParseMAC(string(token)); err == nil {
			return []byte(net.HardwareAddr(r.hardware(mac)).String())
		}
		return dotted.ReplaceAllFunc(token, func(quad []byte) []byte {
			if a, err := netip.ParseAddr(string(quad)); err == nil {
				return []byte(r.address(a).String())
			}
			return quad
		})
	})
}
