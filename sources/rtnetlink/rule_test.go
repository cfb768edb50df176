package rtnetlink

import (
	"errors"
	"net/netip"
	"reflect"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/netlink/uapi"
)

var (
	fullRule = with(header(unix.AF_INET, 16, 8, 0, 100, 0, 0, 1, RuleInvert|8),
		attr{unix.FRA_DST, ip("10.1.0.0")}, attr{unix.FRA_SRC, ip("10.0.0.0")},
		attr{unix.FRA_IIFNAME, []byte("eth0\x00")},
		attr{unix.FRA_OIFNAME, []byte("eth1\x00")}, attr{unix.FRA_GOTO, netlinktest.Numbers(9)},
		attr{unix.FRA_PRIORITY, netlinktest.Numbers(50)},
		attr{unix.FRA_FWMARK, netlinktest.Numbers(16)}, attr{unix.FRA_FWMASK, netlinktest.Numbers(255)},
		attr{unix.FRA_FLOW, netlinktest.Numbers(7)},
		attr{unix.FRA_TUN_ID, []byte{0, 0, 0, 0, 0, 0, 1, 5}}, attr{unix.FRA_TABLE, netlinktest.Numbers(1000)},
		attr{unix.FRA_SUPPRESS_PREFIXLEN, netlinktest.Numbers(0)},
		attr{unix.FRA_SUPPRESS_IFGROUP, netlinktest.Numbers(5)}, attr{unix.FRA_L3MDEV, []byte{1}},
		attr{unix.FRA_PROTOCOL, []byte{4}},
		attr{unix.FRA_IP_PROTO, []byte{6}},
		attr{unix.FRA_UID_RANGE, append(netlinktest.Numbers(1), netlinktest.Numbers(2)...)},
		attr{uapi.FRA_DSCP, []byte{4}},
		attr{unix.FRA_SPORT_RANGE, []byte{10, 0, 20, 0}}, attr{unix.FRA_DPORT_RANGE, []byte{80, 0, 80, 0}},
		attr{200, []byte("newer")})
	object = with([]byte{unix.AF_INET, 0, 0, 0, Onlink, 0, 0, 0}, attr{unix.NHA_ID, netlinktest.Numbers(5)},
		attr{unix.NHA_OIF, netlinktest.Numbers(3)},
		attr{unix.NHA_GATEWAY, ip("192.0.2.1")}, attr{unix.NHA_ENCAP_TYPE, []byte{2, 0}})
	group = with(make([]byte, unix.SizeofNhmsg), attr{unix.NHA_ID, netlinktest.Numbers(6)},
		attr{unix.NHA_GROUP, append(append(netlinktest.Numbers(5), 3, 0, 0, 0),
			append(netlinktest.Numbers(7), 1, 1, 0, 0, 9, 9)...)})
)

func TestParseRule(t *testing.T) {
	got, err := parseRule(fullRule)
	want := &Rule{
		Family: unix.AF_INET, TOS: 16, Action: ActionTable, Protocol: 4, IPProto: 6, Flags: RuleInvert | 8,
		Priority: 50,
		Src:      netip.MustParsePrefix("10.0.0.0/8"), Dst: netip.MustParsePrefix("10.1.0.0/16"), InInterface: "eth0",
		OutInterface: "eth1",
		Mark:         16, MarkMask: 255, Table: 1000, Goto: 9, Realms: 7, TunnelID: 261, L3Mdev: true,
		SourcePorts: &Range{10, 20}, DestPorts: &Range{80, 80},
		UIDs: &Range{1, 2}, SuppressPrefixLength: 0, SuppressGroup: 5,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v\nwant\n%+v", got, err, want)
	}
	plain, err := parseRule(header(unix.AF_INET6, 0, 0, 0, 254, 0, 0, 1, 0))
	if err != nil || plain.Table != 254 || plain.SuppressPrefixLength != -1 || plain.SuppressGroup != -1 ||
		plain.Src.String() != "::/0" {
		t.Errorf("%+v, %v", plain, err)
	}
	for name, b := range map[string][]byte{"empty": nil, "short": fullRule[:11], "cut": fullRule[:len(fullRule)-5],
		"40 bits": header(unix.AF_INET, 40, 0, 0, 0, 0, 0, 0, 0)} {
		if r, err := parseRule(b); !errors.Is(err, netlink.ErrTruncated) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		body    []byte
		failure error
		rules   int
		want    error
	}{
		"one":            {fullRule, nil, 1, nil},
		"another family": {header(unix.AF_INET6, 0, 0, 0, 0, 0, 0, 0, 0), nil, 0, nil},
		"no such family": {nil, &netlink.Error{Errno: unix.EAFNOSUPPORT}, 0, nil},
		"refused":        {nil, &netlink.Error{Errno: unix.EPERM}, 0, unix.EPERM},
		"torn":           {fullRule[:5], nil, 0, netlink.ErrTruncated},
	} {
		var messages []netlink.Message
		if c.body != nil {
			messages = append(messages, netlink.Message{Data: c.body})
		}
		rules := 0
		var last error
		for _, err := range Rules(t.Context(),
			netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) { return messages, c.failure }),
			unix.AF_INET) {
			if last = err; err == nil {
				rules++
			}
		}
		if rules != c.rules || !errors.Is(last, c.want) {
			t.Errorf("%s: %d rules, %v", name, rules, last)
		}
	}
}

func TestNexthopObjects(t *testing.T) {
	kernel := netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) {
		return []netlink.Message{{Data: object}, {Data: group},
			{Data: with(make([]byte, unix.SizeofNhmsg), attr{unix.NHA_BLACKHOLE, nil})}}, nil
	})
	var got []NexthopObject
	for o, err := range NexthopObjects(t.Context(), kernel) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, *o)
	}
	want := []NexthopObject{
		{ID: 5, Nexthop: Nexthop{Gateway: netip.MustParseAddr("192.0.2.1"), Interface: 3, Flags: Onlink, Encap: 2}},
		{ID: 6, Group: []GroupMember{{5, 4}, {7, 258}}},
		{},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	if o, err := parseNexthopObject(object[:7]); !errors.Is(err, netlink.ErrTruncated) {
		t.Errorf("short: %+v, %v", o, err)
	}
}
