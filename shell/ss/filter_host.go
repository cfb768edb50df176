package ss

import (
	"net/netip"
	"strconv"
	"strings"
)

// end is one end of a socket, and its columns in sockets.
type end struct {
	address, port string
	path          string // its column in unix_sockets
	peer          bool
}

var (
	localEnd = end{"laddr", "lport", "path", false}
	peerEnd  = end{"raddr", "rport", "peer_path", true}
)

// familyPrefixes are the families that addresses may begin with.
var familyPrefixes = []struct {
	prefix string
	family families
}{{"unix:", unix}, {"link:", link}, {"netlink:", netlink}, {"inet:", inet}, {"inet6:", inet6}}

// cutFamily takes the family off an address. It notes a family that is named.
func (f *filter) cutFamily(text string) (rest string, family families) {
	for _, p := range familyPrefixes {
		if rest, ok := strings.CutPrefix(text, p.prefix); ok {
			f.named |= p.family
			return rest, p.family
		}
	}
	return text, f.familyOf
}

// readPort reads the port after sport and dport: 22, :22, :ssh.
func (e end) readPort(f *filter, operator string, value token) (condition, error) {
	text, family := f.cutFamily(value.text)
	text = strings.TrimPrefix(strings.TrimPrefix(text, "*"), ":")
	switch family {
	case unix:
		return nil, f.errorAt(value, "unix sockets have no ports").WithHint("src PATTERN compares their paths")
	case link, netlink:
		if operator != "==" && operator != "!=" {
			return nil, f.errorAt(value, "what packet and netlink sockets have for a port is the same or not")
		}
		return e.readOther(f, family, "", text, value)
	}
	if text == "" || text == "*" {
		if operator == "==" || operator == "!=" {
			return inSockets(always), nil
		}
		return nil, f.errorAt(value, "every port is neither less nor more").WithHint("for example %s",
			examples["sport"])
	}
	port, err := f.port(text, value)
	return inSockets(e.portTest(operator, port)), err
}

// port is a port by its number or its name in /etc/services.
func (f *filter) port(text string, value token) (string, error) {
	if n, err := strconv.ParseUint(text, 0, 64); err == nil {
		if n > 65535 {
			return "", f.errorAt(value, "a port is at most 65535")
		}
		return strconv.FormatUint(n, 10), nil
	}
	if f.system.Port != nil {
		if _, known := f.system.Port(text); known {
			return strconv.Quote(text), nil
		}
	}
	wrong := f.errorAt(value, "there is no port %q", text)
	if strings.ContainsAny(text, ".:[]") {
		return "", wrong.WithHint("sport and dport compare ports; src and dst compare addresses")
	}
	return "", wrong.WithHint("it is a number, or a name in /etc/services: netql services")
}

// portTest is the condition on a port. A port that is 0 in ss is NULL.
func (e end) portTest(operator, port string) term {
	none := comparison(e.port + " == nil")
	switch {
	case port == "0" && (operator == "==" || operator == "!=" || operator == "<="):
		return none
	case port == "0" && operator == "<":
		return never
	case port == "0" && operator == ">=":
		return always
	case operator == "<" || operator == "<=":
		return either(none, comparison(e.port+" "+operator+" "+port))
	case operator == "!=": // the caller negates it
		operator = "=="
	}
	return comparison(e.port + " " + operator + " " + port)
}

// inSockets is a condition that holds for IP sockets alone.
func inSockets(t term) condition {
	return func(rows string) term {
		if rows == "sockets" {
			return t
		}
		return never
	}
}

// readHost reads the address after src and dst, with a port behind it or without.
func (e end) readHost(f *filter, _ string, value token) (condition, error) {
	text, family := f.cutFamily(value.text)
	switch family {
	case unix:
		return e.pathTest(text), nil
	case link, netlink:
		name, port, _ := strings.Cut(text, ":")
		return e.readOther(f, family, name, port, value)
	}
	host, portText := cutPort(text)
	test := always
	if portText != "" && portText != "*" {
		port, err := f.port(portText, value)
		if err != nil {
			return nil, err
		}
		test = e.portTest("==", port)
	}
	if host == "" || host == "*" || host == "any" || host == "all" || host == "default" {
		return inSockets(test), nil
	}
	prefixes, err := f.prefixes(host, family, value)
	if err != nil {
		return nil, err
	}
	at := never
	for _, p := range prefixes {
		at = either(at, e.addressTest(p))
	}
	return inSockets(both(at, test)), nil
}

// cutPort takes the port off an address: 10.0.0.1:22, 10.0.0.0/8:22, [::1]:22, [fe80::]/10, *:22, :22. An address of
// IPv6 may stand without brackets, if no port follows.
func cutPort(text string) (host, port string) {
	if _, err := netip.ParseAddr(text); err == nil {
		return text, ""
	}
	if inside, behind, found := strings.Cut(strings.TrimPrefix(text, "["), "]"); found && text[0] == '[' {
		length, port, _ := strings.Cut(behind, ":")
		return inside + length, port
	}
	if colon := strings.LastIndexByte(text, ':'); colon >= 0 && colon > strings.IndexByte(text, '/') &&
		strings.Count(text, ":") == 1 {
		return text[:colon], text[colon+1:]
	}
	return text, ""
}

// prefixes are the addresses and prefixes that a host stands for: several for a name.
func (f *filter) prefixes(host string, family families, value token) ([]netip.Prefix, error) {
	address, length, hasLength := strings.Cut(host, "/")
	addr, ok := parseAddress(address)
	if !ok {
		return f.lookUp(host, family, value)
	}
	switch {
	case addr.Zone() != "":
		return nil, f.errorAt(value, "addresses are compared without a zone").
			WithHint("dev = %s compares the interface", addr.Zone())
	case family&inet == 0 && addr.Is4():
		return nil, f.errorAt(value, "%s is an address of IPv4, and IPv6 is asked for", address)
	case family&inet6 == 0 && addr.Is6():
		return nil, f.errorAt(value, "%s is an address of IPv6, and IPv4 is asked for", address)
	}
	bits := addr.BitLen()
	if hasLength {
		if bits, ok = parseLength(length, addr.BitLen()); !ok {
			return nil, f.errorAt(value, "/%s is no length of a prefix", length).
				WithHint("it is a number from 0 to %d", addr.BitLen())
		}
	}
	return []netip.Prefix{netip.PrefixFrom(addr, bits)}, nil
}

// parseAddress reads an address. One of IPv4 may lack its last numbers, which are 0 then: 193.233.7.
func parseAddress(text string) (netip.Addr, bool) {
	if strings.Contains(text, ":") {
		addr, err := netip.ParseAddr(text)
		return addr, err == nil
	}
	var four [4]byte
	numbers := strings.Split(text, ".")
	if len(numbers) > len(four) {
		return netip.Addr{}, false
	}
	for i, number := range numbers {
		n, err := strconv.ParseUint(number, 0, 8)
		if err != nil {
			return netip.Addr{}, false
		}
		four[i] = byte(n)
	}
	return netip.AddrFrom4(four), true
}

// parseLength reads the length of a prefix: a number of bits, or a mask such as 255.0.0.0.
func parseLength(text string, most int) (int, bool) {
	if mask, ok := parseAddress(text); ok && strings.Contains(text, ".") && most == 32 {
		four := mask.As4()
		n := 0
		for n < 32 && four[n/8]&(0x80>>(n%8)) != 0 {
			n++
		}
		whole, _ := mask.Prefix(n)
		return n, whole.Addr() == mask
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && 0 <= n && n <= most
}

// lookUp are the addresses of a host's name.
func (f *filter) lookUp(host string, family families, value token) (list []netip.Prefix, err error) {
	wrong := f.errorAt(value, "%q is neither an address nor the name of a host", host)
	if strings.Trim(host, "0123456789") == "" {
		return nil, wrong.WithHint("sport and dport compare ports")
	}
	if f.system.Addresses == nil || strings.ContainsAny(host, "/:[]") {
		return nil, wrong.WithHint("for example dst 10.0.0.0/8, dst [2001:db8::1]:443, dst localhost")
	}
	addresses, err := f.system.Addresses(host)
	for _, a := range addresses {
		if a = a.Unmap(); a.Is4() && family&inet != 0 || a.Is6() && family&inet6 != 0 {
			list = append(list, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	if len(list) == 0 {
		if err != nil {
			return nil, wrong.WithHint("%v", err)
		}
		return nil, wrong.WithHint("it has no address of this family")
	}
	return list, nil
}
