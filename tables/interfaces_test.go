package tables_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query/schema"
	"netql/sources/lab"
)

// ipNumbers are the columns of interfaces that ip(8) has as numbers, by where it has them.
var ipNumbers = map[string][]string{
	"index": {"ifindex"}, "mtu": {"mtu"}, "txqlen": {"txqlen"}, "promiscuity": {"promiscuity"},
	"allmulti": {"allmulti"},
	"min_mtu":  {"min_mtu"}, "max_mtu": {"max_mtu"}, "tx_queues": {"num_tx_queues"}, "rx_queues": {"num_rx_queues"},
	"gso_max_size": {"gso_max_size"}, "gso_max_segs": {"gso_max_segs"}, "tso_max_size": {"tso_max_size"},
	"gro_max_size": {"gro_max_size"},
	"link_nsid":    {"link_netnsid"}, "vni": {"linkinfo", "info_data", "id"},
	"carrier_changes": {"stats64", "tx", "carrier_changes"},
	"rx_bytes":        {"stats64", "rx", "bytes"}, "rx_packets": {"stats64", "rx", "packets"},
	"rx_errors":  {"stats64", "rx", "errors"},
	"rx_dropped": {"stats64", "rx", "dropped"}, "multicast": {"stats64", "rx", "multicast"},
	"rx_length_errors": {"stats64", "rx", "length_errors"},
	"rx_crc_errors":    {"stats64", "rx", "crc_errors"}, "rx_frame_errors": {"stats64", "rx", "frame_errors"},
	"rx_fifo_errors":   {"stats64", "rx", "fifo_errors"},
	"rx_missed_errors": {"stats64", "rx", "missed_errors"}, "rx_over_errors": {"stats64", "rx", "over_errors"},
	"tx_bytes": {"stats64", "tx", "bytes"}, "tx_packets": {"stats64", "tx", "packets"},
	"tx_errors":  {"stats64", "tx", "errors"},
	"tx_dropped": {"stats64", "tx", "dropped"}, "collisions": {"stats64", "tx", "collisions"},
	"tx_aborted_errors": {"stats64", "tx", "aborted_errors"},
	"tx_fifo_errors":    {"stats64", "tx", "fifo_errors"}, "tx_window_errors": {"stats64", "tx", "window_errors"},
	"tx_heartbeat_errors": {"stats64", "tx", "heartbeat_errors"},
	"tx_carrier_errors":   {"stats64", "tx", "carrier_errors"},
}

// ipTexts are those that it has as texts.
var ipTexts = map[string][]string{
	"name": {"ifname"}, "qdisc": {"qdisc"}, "alias": {"ifalias"}, "kind": {"linkinfo", "info_kind"},
	"master":      {"master"},
	"master_kind": {"linkinfo", "info_slave_kind"}, "type": {"link_type"}, "mac": {"address"},
	"broadcast": {"broadcast"}, "permanent_mac": {"permaddr"},
	"parent_device": {"parentdev"}, "parent_bus": {"parentbus"}, "tunnel_local": {"linkinfo", "info_data", "local"},
	"tunnel_remote": {"linkinfo", "info_data", "remote"},
}

// linkRow is an interface of ip(8) as a row of interfaces.
func linkRow(o object) row {
	r := row{"link_nsid": "-", "vni": "-", "lower": "-", "peer": "-", "mode": "-", "altnames": "-"}
	for column, path := range ipNumbers {
		if n, ok := o.inside(path...).(json.Number); ok {
			r[column] = n.String()
		}
	}
	for column, path := range ipTexts {
		r[column] = "-"
		if value, ok := o.inside(path...).(string); ok && value != "00:00:00:00:00:00" {
			r[column] = value
		}
	}
	for _, limit := range []string{"min_mtu", "max_mtu"} {
		if r[limit] == "0" {
			r[limit] = "-"
		}
	}
	if id := r["vni"]; r["kind"] == "vlan" {
		r["vni"], r["vlan_id"] = "-", id
	}
	r["operstate"] = strings.ToLower(o["operstate"].(string))
	r["link_mode"] = strings.ToLower(o["linkmode"].(string))
	if r["group"] = o["group"]; r["group"] == "default" {
		r["group"] = "0"
	}
	other := "lower"
	if r["kind"] == "veth" {
		other = "peer"
	}
	if name, ok := o["link"].(string); ok {
		r[other] = name
	}
	if mode := o.inside("linkinfo", "info_data", "mode"); mode != nil {
		r["mode"] = mode
	}
	if r["kind"] == "tun" {
		r["mode"] = o.inside("linkinfo", "info_data", "type")
	}
	if names, ok := o["altnames"].([]any); ok {
		r["altnames"] = schema.Format(names)
	}
	flags := texts(o["flags"])
	// ip(8) prints NO-CARRIER for UP without RUNNING, and never RUNNING. What carrier tells is ahead of that; /sys has
	// it too.
	flags = slices.DeleteFunc(flags, func(flag string) bool { return flag == "NO-CARRIER" })
	slices.Sort(flags)
	r["flags"] = strings.Join(flags, " ")
	return r
}

// TestInterfacesLikeIP compares every interface with what ip(8) tells, column by column.
func TestInterfacesLikeIP(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeLinks(t)
		agree(t, "interfaces", func() (got, want []string) {
			rows := live(t, "interfaces | select *")
			for i, o := range ipJSON(t, "link", "show") {
				expected, actual := linkRow(o), row{}
				for column := range expected {
					actual[column] = cell(rows[i][column])
				}
				actual["flags"] = strings.Join(likeIP(rows[i]["flags"].([]string)), " ")
				got, want = append(got, lines([]row{actual})...), append(want, lines([]row{expected})...)
			}
			if len(rows) != len(want) {
				t.Errorf("%d rows, ip has %d", len(rows), len(want))
			}
			return got, want
		})
	})
}

func likeIP(flags []string) []string {
	flags = slices.DeleteFunc(slices.Clone(flags), func(flag string) bool { return flag == "RUNNING" })
	slices.Sort(flags)
	return flags
}

// TestInterfaceAddresses: the list of an interface is what the table addresses has of it, and what ip(8) tells.
func TestInterfaceAddresses(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeLinks(t)
		agree(t, "addresses of interfaces", func() (got, want []string) {
			for _, r := range live(t, "interfaces | select name, addresses, labels") {
				list, _ := r["addresses"].([]any)
				for _, p := range list {
					got = append(got, r["name"].(string)+" "+p.(netip.Prefix).String())
				}
				labels, _ := r["labels"].([]any)
				for _, label := range labels {
					got = append(got, fmt.Sprintf("%s is labelled %s", r["name"], label))
				}
			}
			labelled := map[string]bool{}
			for _, o := range ipJSON(t, "address", "show") {
				for _, a := range o["addr_info"].([]any) {
					a := object(a.(map[string]any))
					want = append(want, fmt.Sprintf("%s %s/%s", o["ifname"], a["local"], a["prefixlen"]))
					if label, _ := a["label"].(string); label != "" && label != o["ifname"] && !labelled[label] {
						labelled[label] = true
						want = append(want, fmt.Sprintf("%s is labelled %s", o["ifname"], label))
					}
				}
			}
			return got, want
		})
	})
}

// TestOtherNamespaces: the other end of a veth is in a namespace that is known by a process in it, or by its name
// alone.
func TestOtherNamespaces(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		ip(t, "netns", "add", "blue")
		ip(t, "link", "add", "here", "type", "veth", "peer", "name", "there", "netns", "blue")
		process := lab.Start(t, lab.Helper{OtherNamespace: true})
		ip(t, "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", strconv.Itoa(process.Pid))
		ip(t, "link", "add", "left", "type", "veth", "peer", "name", "right")
		inode, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		inode = strings.TrimSuffix(strings.TrimPrefix(inode, "net:["), "]")
		want := []string{
			"link_netns=blue lower=- name=here peer=-", "link_netns=" + inode + " lower=- name=near peer=-",
			"link_netns=- lower=- name=left peer=right", "link_netns=- lower=- name=right peer=left",
		}
		const peers = "interfaces kind == 'veth' | select name, peer, lower, link_netns"
		same(t, "peers", lines(live(t, peers)), want)
		_, captured := recorded(t)
		same(t, "in a capture", lines(complete(t, captured, peers)), want)
		for _, r := range live(t, "interfaces link_nsid != nil | select link_index, link_nsid") {
			if r["link_index"] == nil {
				t.Errorf("no index in %v", r)
			}
		}
	})
}

// TestInterfacesLikeEthtool compares with ethtool(8): "Speed: 10000Mb/s", "driver: veth", "RX: 2".
func TestInterfacesLikeEthtool(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ethtool")
		makeLinks(t)
		compared := 0
		for _, r := range live(t, "interfaces | select name, speed, duplex, autoneg, driver, driver_version, "+
			"firmware, bus_info, rx_channels, tx_channels, combined_channels, rx_ring") {
			name := r["name"].(string)
			modes, driver := ethtoolFields(name), ethtoolFields("-i", name)
			channels := ethtoolFields("-l", name) // the last of two lists is what is in use
			want := row{
				"speed": "-", "duplex": "-", "autoneg": "-", "driver": known(driver["driver"]),
				"driver_version": known(driver["version"]),
				"firmware":       known(driver["firmware-version"]), "bus_info": known(driver["bus-info"]),
				"rx_ring":     known(ethtoolFields("-g", name)["RX"]),
				"rx_channels": known(channels["RX"]), "tx_channels": known(channels["TX"]),
				"combined_channels": known(channels["Combined"]),
			}
			if mbit, err := strconv.Atoi(strings.TrimSuffix(modes["Speed"], "Mb/s")); err == nil {
				want["speed"] = strconv.Itoa(mbit * 1_000_000)
			}
			if d := strings.ToLower(modes["Duplex"]); d == "full" || d == "half" {
				want["duplex"] = d
			}
			if auto := modes["Auto-negotiation"]; auto != "" {
				want["autoneg"] = fmt.Sprint(auto == "on")
			}
			for column, value := range want {
				if cell(r[column]) != value {
					t.Errorf("%s of %s is %s, ethtool says %s", column, name, cell(r[column]), value)
				}
				if value != "-" {
					compared++
				}
			}
		}
		if compared < 20 {
			t.Errorf("only %d values compared", compared)
		}
	})
}

// ethtoolFields are the lines of ethtool(8) with a colon; of equal names the last.
func ethtoolFields(args ...string) map[string]string {
	out, _ := exec.Command("ethtool", args...).Output() // it fails where a driver does not answer
	fields := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found {
			fields[name] = strings.TrimSpace(value)
		}
	}
	return fields
}

// known is a text of ethtool(8), a dash where it says that there is none.
func known(text string) string {
	if text == "" || strings.EqualFold(text, "n/a") {
		return "-"
	}
	return text
}

// TestCountersLikeFiles compares with /proc/net/dev, which adds some counters up, and with the files of /sys.
func TestCountersLikeFiles(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeLinks(t)
		agree(t, "/proc/net/dev", func() (got, want []string) {
			text, err := os.ReadFile("/proc/net/dev")
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				if name, counters, found := strings.Cut(line, ":"); found {
					want = append(want, strings.TrimSpace(name)+" "+strings.Join(strings.Fields(counters), " "))
				}
			}
			for _, r := range live(t, "interfaces | select *") {
				line := r["name"].(string)
				for _, sum := range [][]string{
					{"rx_bytes"}, {"rx_packets"}, {"rx_errors"}, {"rx_dropped", "rx_missed_errors"}, {"rx_fifo_errors"},
					{"rx_length_errors", "rx_over_errors", "rx_crc_errors", "rx_frame_errors"}, {"rx_compressed"},
					{"multicast"},
					{"tx_bytes"}, {"tx_packets"}, {"tx_errors"}, {"tx_dropped"}, {"tx_fifo_errors"}, {"collisions"},
					{"tx_carrier_errors", "tx_aborted_errors", "tx_window_errors", "tx_heartbeat_errors"},
					{"tx_compressed"},
				} {
					total := 0
					for _, column := range sum {
						total += r[column].(int)
					}
					line += " " + strconv.Itoa(total)
				}
				got = append(got, line)
			}
			return got, want
		})
		if err := unix.Mount("sysfs", "/sys", "sysfs", 0, ""); err != nil {
			t.Log("/sys of this namespace cannot be seen: ", err)
			return
		}
		for _, r := range live(t, "interfaces | select name, rx_nohandler, carrier, carrier_up_count, "+
			"carrier_down_count") {
			dir := filepath.Join("/sys/class/net", r["name"].(string))
			for column, file := range map[string]string{
				"rx_nohandler": "statistics/rx_nohandler", "carrier": "carrier",
				"carrier_up_count": "carrier_up_count", "carrier_down_count": "carrier_down_count",
			} {
				text, err := os.ReadFile(filepath.Join(dir, file))
				want := strings.TrimSpace(string(text))
				if err != nil { // EINVAL: the interface is down
					want = "-"
				}
				got := strings.NewReplacer("true", "1", "false", "0").Replace(cell(r[column]))
				if got != want {
					t.Errorf("%s of %s is %s; /sys says %s", column, r["name"], got, want)
				}
			}
		}
	})
}
