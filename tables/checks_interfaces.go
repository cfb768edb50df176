package tables

// links are the rows of the checks of interfaces: all but the loopback.
const links = "interfaces type != loopback"

// interfaceChecks are the checks of interfaces.
var interfaceChecks = []check{{
	name: "no_carrier",
	doc: "Interfaces that are up and have no carrier. Bridges are left out, since one without ports has none, and " +
		"interfaces on top of another one.",
	from:     links,
	where:    `UP in flags and carrier == false and (kind ?? "") not in ["bridge", "docker"] and lower == nil`,
	severity: `any(addresses, not (# in fe80::/10)) ? "warning" : "notice"`,
	subject:  "name",
	sentence: `{name} is up and has no carrier{any(addresses, not (# in fe80::/10)) ? ", though it has addresses" ` +
		`: ""}.`,
	advice: "No cable, the other end is down, or nobody has the tunnel open. If it is not in use, set it down. How " +
		"often that happened: `interfaces | select name, carrier, carrier_down_count, operstate`.",
}, {
	name:     "link_flaps",
	doc:      "Interfaces whose carrier comes and goes.",
	from:     links,
	where:    "grown(carrier_down_count) > 0 or carrier_down_count >= 20",
	boot:     "carrier_down_count >= 20",
	severity: `(grown(carrier_down_count) ?? 0) > 0 ? "warning" : "notice"`,
	subject:  "name", value: "carrier_down_count",
	sentence: `{name} lost its carrier {SINCE != "since boot" and (grown(carrier_down_count) ?? 0) > 0 ? "just ` +
		`now, and " : ""}` +
		"{carrier_down_count} [time|times] since it was made.",
	advice: "A bad cable or transceiver, an unsteady peer, or power saving. When: `interfaces | follow | select " +
		"time, name, operstate, carrier`.",
}, {
	name:     "interface_errors",
	doc:      "Interfaces that count bad packets.",
	from:     links,
	where:    "grown(errors) > 0",
	boot:     "errors > 0.001 * (rx_packets + tx_packets)",
	severity: warningWord,
	subject:  "name", value: "grown(errors)",
	sentence: "{name} counted {grown(errors)} bad [packet|packets] {SINCE}: {grown(rx_errors)} received, of which " +
		"{grown(rx_crc_errors)} had a wrong checksum, and {grown(tx_errors)} to be sent.",
	advice: "A bad cable or transceiver, or a driver; what the hardware says: `nic_stats name matches " +
		"\"err|crc|bad\" and value > 0`. A tunnel counts so what it has no way to send, or cannot read: " +
		"`routes | select dst, gateway, dev, table`.",
}, {
	name:     "send_drops",
	doc:      "Interfaces that drop packets to be sent: 5 or more in a second.",
	from:     links,
	where:    "perSecond(tx_dropped) >= 5",
	boot:     "tx_dropped >= 100 and tx_dropped > 0.001 * tx_packets",
	severity: warningWord,
	subject:  "name", value: "grown(tx_dropped)",
	sentence: "{name} dropped {grown(tx_dropped)} packets to be sent {SINCE}, beside {grown(tx_packets)} that it " +
		"sent.",
	advice: "The device or the program behind it does not keep up, or there is no other end: " +
		"`qdiscs | select dev, kind, drops, backlog, qlen` shows the queue before it.",
}, {
	name: "receive_drops",
	doc: "Interfaces that drop packets received: 10 or more in a second and 1 per cent. Single packets of protocols " +
		"that nobody wants count there, too, and are not told.",
	from:     links,
	where:    "perSecond(rx_dropped) >= 10 and grown(rx_dropped) > 0.01 * grown(rx_packets)",
	boot:     "rx_dropped >= 1000 and rx_dropped > 0.05 * rx_packets",
	severity: warningWord,
	subject:  "name", value: "grown(rx_dropped)",
	sentence: "{name} dropped {grown(rx_dropped)} packets received {SINCE}, beside {grown(rx_packets)} that it took.",
	advice: "The machine is too slow to take them, or they are of a protocol or VLAN that nobody here wants: " +
		"`softnet | select cpu, dropped, time_squeeze`, `nic_stats name matches \"drop|discard\" and value > 0`.",
}, {
	name:     "missed_packets",
	doc:      "Interfaces that missed packets, because the host did not fetch them in time.",
	from:     links,
	where:    "grown(rx_missed_errors) + grown(rx_fifo_errors) > 0",
	severity: warningWord,
	subject:  "name", value: "grown(rx_missed_errors) + grown(rx_fifo_errors)",
	sentence: "{name} missed {grown(rx_missed_errors) + grown(rx_fifo_errors)} [packet|packets] {SINCE}, because " +
		"its ring was full.",
	advice: "The host fetches packets too slowly: a larger ring (ethtool -G), interrupts spread over more CPUs. " +
		"`interfaces | select name, rx_ring, rx_ring_max, rx_channels, combined_channels`, `softnet`.",
}, {
	name:     "half_duplex",
	doc:      "Hardware that may not send and receive at once.",
	from:     links,
	where:    "kind == nil and UP in flags and carrier and duplex == half",
	severity: warningWord,
	subject:  "name", value: "speed",
	sentence: "{name} runs at half duplex, {speed}.",
	advice: "One end negotiates and the other does not: let both, or neither (ethtool -s). Collisions: " +
		"`interfaces | select name, duplex, autoneg, collisions, tx_window_errors`.",
}, {
	name: "slow_port",
	doc:  "Hardware that is slower than the other ports of the same bond or bridge.",
	from: "interfaces kind == nil and master != nil and carrier | group by master: ports = count(), " +
		"slowest = min(speed), fastest = max(speed)",
	where:    "slowest < fastest",
	severity: warningWord,
	subject:  "master", value: "slowest", limit: "fastest",
	sentence: "A port of {master} runs at {slowest}, where another has {fastest}.",
	advice: "A bad cable makes a link fall back to a lower speed. Which port: `interfaces master != nil | select " +
		"name, master, speed, duplex, autoneg`.",
}, {
	name: "bridge_mtu",
	doc:  "Bridges whose ports have different MTUs, so that large packets vanish between them.",
	from: "interfaces master_kind == \"bridge\" and UP in flags | group by master: ports = count(), " +
		"smallest = min(mtu), largest = max(mtu)",
	where:    "smallest < largest",
	severity: warningWord,
	subject:  "master", value: "smallest", limit: "largest",
	sentence: "The {ports} ports of the bridge {master} have MTUs from {smallest} to {largest}: what is larger than " +
		"the MTU of the port that it goes to is dropped without a word.",
	advice: "Give all ports of a bridge one MTU. Which they have: `interfaces master != nil | select name, master, " +
		"mtu`.",
}}
