package capture

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"netql/sources/procfs"
)

// byLine redacts a file line by line.
func byLine(redact func(*redactor, string) string) fileRedactor {
	return func(r *redactor, data []byte) []byte {
		var b bytes.Buffer
		for line := range strings.Lines(string(data)) {
			text := strings.TrimRight(line, "\n")
			b.WriteString(redact(r, text) + line[len(text):])
		}
		return b.Bytes()
	}
}

// wholeName redacts a file whose whole content is one name. The kind begins its pseudonym.
func (r *redactor) wholeName(kind string, data []byte) []byte {
	name := strings.TrimRight(string(data), "\n")
	return append([]byte(r.name(kind, name)), data[len(name):]...)
}

// account redacts a line of /etc/passwd: the name becomes a pseudonym, so does the home directory, in which a user's
// containers are found, and of the rest only the two numbers are kept.
func (r *redactor) account(line string) string {
	fields := strings.Split(line, ":")
	if len(fields) < 4 {
		return ""
	}
	name := fields[0]
	if name != "root" {
		name = r.name("user", name)
	}
	home := ""
	if len(fields) > 5 {
		home = r.path(fields[5])
	}
	return name + ":x:" + decimal(fields[2]) + ":" + decimal(fields[3]) + "::" + home + ":"
}

func decimal(text string) string {
	if _, err := strconv.ParseUint(text, 10, 64); err != nil {
		return ""
	}
	return text
}

// numberName redacts a line such as "254 main" of iproute2's files of names. Names that iproute2 itself gives are kept.
func (r *redactor) numberName(line string) string {
	line, _, _ = strings.Cut(line, "#")
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return ""
	}
	switch fields[1] {
	case "unspec", "default", "main", "local", "redirect", "kernel", "boot", "static", "ra", "dhcp", "zebra", "bird",
		"global", "nowhere", "host", "link", "site":
	default:
		fields[1] = r.name("name", fields[1])
	}
	return fields[0] + "\t" + fields[1]
}

// networkLine redacts a line such as "loopback 127.0.0.0" of /etc/networks. The names that every machine has are kept.
func (r *redactor) networkLine(line string) string {
	line, _, _ = strings.Cut(line, "#")
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return ""
	}
	addr, err := netip.ParseAddr(fields[1] + strings.Repeat(".0", max(0, 3-strings.Count(fields[1], "."))))
	if err != nil {
		return ""
	}
	switch fields[0] {
	case "default", "loopback", "link-local":
	default:
		fields[0] = r.name("network", fields[0])
	}
	return fields[0] + "\t" + r.address(addr).String()
}

// processStat redacts the command in /proc/PID/stat, which stands in parentheses and may hold some itself.
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

// procMounts keeps of the mounts those of proc at /proc, and of these the options, which decide which processes are
// listed.
func (r *redactor) procMounts(data []byte) []byte {
	mounts, _ := procfs.ParseMounts(bytes.NewReader(data))
	var b bytes.Buffer
	for _, m := range mounts {
		if m.Point == "/proc" && m.Type == "proc" {
			fmt.Fprintf(&b, "1 1 0:1 / /proc rw - proc proc %s\n", m.Options)
		}
	}
	return b.Bytes()
}

// hexFields redacts the addresses in some fields of a line: words in the machine's byte order as hexadecimal digits,
// with or without a port.
func hexFields(indices ...int) func(*redactor, string) string {
	return func(r *redactor, line string) string {
		return r.fields(line, func(i int, field string) string {
			for _, index := range indices {
				if i == index {
					digits, port, found := strings.Cut(field, ":")
					if b, ok := parseAddressWords(digits); ok && found {
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
	return r.patterns.field.ReplaceAllStringFunc(line, func(text string) string { i++; return replace(i, text) })
}

// patterns are the regular expressions of redaction.
type patterns struct{ field, object, addressLike, dotted, unixSocket *regexp.Regexp }

func newPatterns() patterns {
	return patterns{
		field:  regexp.MustCompile(`\S+`),
		object: regexp.MustCompile(`^[a-z_]+:\[[0-9]+\]$`), // a link to what has no path: "net:[4026531840]"
		// What may be an address: digits with colons or points, or 32 digits.
		addressLike: regexp.MustCompile(`[0-9A-Fa-f]*(?:[:.][0-9A-Fa-f]*)+|\b[0-9A-Fa-f]{32}\b`),
		dotted:      regexp.MustCompile(`[0-9]{1,3}(?:\.[0-9]{1,3}){3}`),
		// What stands before the path: the address of the socket in the kernel, numbers, its inode and a blank.
		unixSocket: regexp.MustCompile(
			`^[0-9A-Fa-f]+: [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{4} [0-9A-F]{2} +[0-9]+ ?`),
	}
}

// parseAddressWords reads an address of one or four words.
func parseAddressWords(digits string) ([]byte, bool) {
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

// route6Line redacts a line of /proc/net/ipv6_route: destination, its length, source, its length, gateway.
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

// filterLine redacts a line of /proc/net/mcfilter, with addresses such as 0xe0000001.
func (r *redactor) filterLine(line string) string {
	return r.fields(line, func(_ int, field string) string {
		digits, found := strings.CutPrefix(field, "0x")
		if b, err := hex.DecodeString(digits); found && err == nil && len(b) == 4 {
			return "0x" + hex.EncodeToString(r.addressBytes(b))
		}
		return field
	})
}

// hardwareLine redacts a line of /proc/net/dev_mcast, whose fifth field is a link-layer address.
func (r *redactor) hardwareLine(line string) string {
	return r.fields(line, func(i int, field string) string {
		if b, err := hex.DecodeString(field); err == nil && i == 4 {
			return hex.EncodeToString(r.hardware(b))
		}
		return field
	})
}

// unixHeader is the first line of /proc/net/unix.
const unixHeader = "Num       RefCount Protocol Flags    Type St Inode Path"

// unixLine redacts a line of /proc/net/unix, whose eighth field is the path, up to the end; @ begins an abstract name.
// A path may hold line ends: a line that is not a socket's continues the path before it.
func (r *redactor) unixLine(line string) string {
	start := len(r.patterns.unixSocket.FindString(line))
	switch {
	case start == 0 && line == unixHeader, start == len(line):
		return line
	case start == 0:
		return r.name("path", line)
	}
	name, abstract := strings.CutPrefix(line[start:], "@")
	if abstract {
		return line[:start] + "@" + r.name("abstract", name)
	}
	return line[:start] + r.path(name)
}

// scrub redacts all addresses in a text.
func (r *redactor) scrub(data []byte) []byte {
	return r.patterns.addressLike.ReplaceAllFunc(data, func(token []byte) []byte {
		if b, err := hex.DecodeString(string(token)); err == nil && len(b) == 16 {
			return []byte(hex.EncodeToString(r.addressBytes(b)))
		}
		if a, err := netip.ParseAddr(string(token)); err == nil {
			return []byte(r.address(a).String())
		}
		if mac, err := net.ParseMAC(string(token)); err == nil {
			return []byte(net.HardwareAddr(r.hardware(mac)).String())
		}
		return r.patterns.dotted.ReplaceAllFunc(token, func(quad []byte) []byte {
			if a, err := netip.ParseAddr(string(quad)); err == nil {
				return []byte(r.address(a).String())
			}
			return quad
		})
	})
}
