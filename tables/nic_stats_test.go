package tables_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"netql/sources/ethtool"
	"netql/sources/lab"
)

// fakeDrivers are the drivers of interfaces, by their names; others tell nothing.
type fakeDrivers struct {
	statistics map[string][]ethtool.Statistic
	failures   map[string]error
	asked      *[]string
}

func (d fakeDrivers) Driver(_ context.Context, name string) (ethtool.Driver, error) {
	if err := d.failures[name]; err != nil {
		return ethtool.Driver{}, err
	}
	return ethtool.Driver{Name: "driver of " + name}, nil
}

func (d fakeDrivers) Statistics(_ context.Context, name string) ([]ethtool.Statistic, error) {
	if d.asked != nil {
		*d.asked = append(*d.asked, name)
	}
	if err := d.failures[name]; err != nil {
		return nil, err
	}
	if list, ok := d.statistics[name]; ok {
		return list, nil
	}
	return nil, ethtool.ErrUnsupported
}

// TestNICStats: names that a driver repeats, queues in names, a driver without counters, and one that fails.
func TestNICStats(t *testing.T) {
	var asked []string
	system := onlyLinks(nil, linkMessage(1, "lo", nil), linkMessage(2, "eth0", nil), linkMessage(3, "eth1", nil),
		linkMessage(4, "eth2", nil))
	system.Ethtool = fakeDrivers{
		statistics: map[string][]ethtool.Statistic{
			"eth0": {{Name: "rx_queue_3_drops", Value: 1}, {Name: "dup", Value: 2}, {Name: "dup", Value: 1<<64 - 1},
				{Name: "", Value: 4}},
			"eth2": {{Name: "x", Value: 5}},
		},
		failures: map[string]error{"eth1": errors.New("read the statistics of eth1: broken")},
		asked:    &asked,
	}
	a := ask(t, system, "nic_stats | select *")
	same(t, "rows", lines(a.rows), []string{
		"interface=eth0 name=rx_queue_3_drops occurrence=1 queue=3 value=1",
		"interface=eth0 name=dup occurrence=1 queue=- value=2",
		"interface=eth0 name=dup occurrence=2 queue=- value=9223372036854775807",
		"interface=eth0 name=- occurrence=1 queue=- value=4",
		"interface=eth2 name=x occurrence=1 queue=- value=5",
	})
	if len(a.warnings) != 1 || !strings.Contains(a.warnings[0], "eth1: broken") {
		t.Errorf("warnings %q", a.warnings)
	}
	asked = nil
	if a := ask(t, system, "nic_stats interface == 'eth2' and value > 1"); len(a.rows) != 1 || len(a.warnings) > 0 ||
		!slices.Equal(asked, []string{"eth2"}) {
		t.Errorf("%v, warnings %q, asked %q", a.rows, a.warnings, asked)
	}
	system.Ethtool = nil
	if a := ask(t, system, "nic_stats"); len(a.rows) != 0 || len(a.warnings) != 1 {
		t.Errorf("without drivers: %v, %q", a.rows, a.warnings)
	}
}

// TestQueues: how drivers write the number of a queue, and numbers that are none.
func TestQueues(t *testing.T) {
	system := onlyLinks(nil, linkMessage(2, "eth0", nil))
	for name, want := range map[string]string{
		"rx_queue_0_drops": "0", "rx_queue_12_xdp_packets": "12", "tx-3.bytes": "3", "rx0_packets": "0",
		"queue_1_tx_cnt": "1", "rxq2_bytes": "2",
		"tx_q7_bytes": "7", "ring_4_packets": "4", "rx_ring0_packets": "0", "[5]: tx_discards": "5", "ch3_poll": "3",
		"tx4_xmit": "4", "Rx Queue 2": "-", "queue 6 drops": "-",
		"rx_64_byte_packets": "-", "tx_size_512": "-", "rx_prio2_bytes": "-", "peer_ifindex": "-",
		"rx_1024_to_1518": "-", "rx_bytes": "-", "mac0_rx": "-",
	} {
		system.Ethtool = fakeDrivers{statistics: map[string][]ethtool.Statistic{"eth0": {{Name: name}}}}
		if rows := ask(t, system, "nic_stats | select queue").rows; len(rows) != 1 || cell(rows[0]["queue"]) != want {
			t.Errorf("%q: %v, want %s", name, rows, want)
		}
	}
}

// TestNICStatsLikeEthtool compares the counters with ethtool -S, in the driver's order.
func TestNICStatsLikeEthtool(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ethtool")
		makeLinks(t)
		agree(t, "counters", func() (got, want []string) {
			for _, r := range live(t, "nic_stats | select *") {
				got = append(got, fmt.Sprintf("%s %s %d", r["interface"], r["name"], r["value"]))
			}
			for _, r := range live(t, "interfaces | select name") {
				out, _ := exec.Command("ethtool", "-S", r["name"].(string)).Output() // it fails where there are none
				for line := range strings.Lines(string(out)) {
					if name, value, found := strings.Cut(strings.TrimSpace(line), ": "); found {
						want = append(want, fmt.Sprintf("%s %s %s", r["name"], name, value))
					}
				}
			}
			return got, want
		})
	})
}
