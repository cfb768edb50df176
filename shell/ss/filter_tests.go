package ss

import (
	"fmt"
	"strconv"
	"strings"
)

// readDevice reads the interface after dev: its name, or its number.
func readDevice(f *filter, _ string, value token) (condition, error) {
	name := value.text
	test := comparison("interface == " + strconv.Quote(name))
	if n, err := strconv.ParseUint(name, 0, 31); err == nil {
		known := n == 0
		if f.system.Interface != nil && n > 0 {
			name, known = f.system.Interface(int(n))
		}
		switch {
		case !known:
			return nil, f.errorAt(value, "there is no interface with the number %d",
				n).WithHint("netql interfaces lists them")
		case n == 0:
			test = comparison("interface == nil")
		default:
			test = comparison("interface == " + strconv.Quote(name))
		}
	}
	unbound := never
	if test.text == "interface == nil" {
		unbound = always
	}
	return func(rows string) term {
		if rows == "sockets" || rows == "packet_sockets" {
			return test
		}
		return unbound
	}, nil
}

// readMark reads the mark after fwmark, with a mask or without: 0x1, 1/0xff. A socket without a mark has 0.
func readMark(f *filter, _ string, value token) (condition, error) {
	text, maskText, masked := strings.Cut(value.text, "/")
	mark, err := strconv.ParseUint(text, 0, 32)
	mask := uint64(0xffffffff)
	if err == nil && masked {
		mask, err = strconv.ParseUint(maskText, 0, 32)
	}
	if err != nil {
		return nil, f.errorAt(value, "%q is no mark", value.text).WithHint("for example %s", examples["fwmark"])
	}
	test := comparison(fmt.Sprintf("mark == %#x", mark))
	switch {
	case masked:
		test = comparison(fmt.Sprintf("bitand(mark ?? 0, %#x) == %#x", mask, mark))
	case mark == 0:
		test = comparison("(mark ?? 0) == 0")
	}
	unmarked := never
	if mark == 0 {
		unmarked = always
	}
	return func(rows string) term {
		if rows == "sockets" {
			return test
		}
		return unmarked
	}, nil
}

// cgroupMount is where the hierarchy of control groups is mounted; the column cgroup has paths below it.
const cgroupMount = "/sys/fs/cgroup"

// readCgroup reads the path after cgroup: below the mount of the hierarchy, or with it.
func readCgroup(_ *filter, _ string, value token) (condition, error) {
	path := "/" + strings.Trim(strings.TrimPrefix(value.text, cgroupMount), "/")
	return inSockets(comparison("cgroup == " + strconv.Quote(path))), nil
}

// autobound is the test that the kernel chose the port or the path. It keeps no record of that, so the port's range
// tells, as in ss.
func autobound(f *filter) condition {
	first, last := 32768, 60999
	if f.system.Ephemeral != nil {
		first, last = f.system.Ephemeral()
	}
	return func(rows string) term {
		switch rows {
		case "sockets":
			f.note = fmt.Sprintf("autobound is told by the port, from %d to %d: the kernel does not say which of "+
				"these a program chose itself", first, last)
			return comparison(fmt.Sprintf("lport in %d..%d", first, last))
		case "unix_sockets":
			return either(comparison("path == nil"), comparison(`path matches "^@[0-9a-f]{5}$"`))
		case "packet_sockets":
			return both(comparison("interface == nil"), comparison("ethertype == nil"))
		}
		return comparison("port_id > 0x7fffffff")
	}
}
