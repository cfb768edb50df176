package tables

// KnownCounters is what the table proto_stats knows about counters, for the tests and the reference.
func KnownCounters() []KnownGroup {
	var groups []KnownGroup
	for _, g := range counterGroups() {
		known := KnownGroup{Protos: g.protos, About: g.about}
		for _, c := range g.counters {
			known.Counters = append(known.Counters,
				KnownCounter{c.name, c.topic, counterKindNames[c.kind], c.unit, c.mib, c.doc, c.kind == trouble})
		}
		if g.types != nil {
			for _, name := range []string{"InTypeN", "OutTypeN"} {
				direction := map[string]string{"InTypeN": "received", "OutTypeN": "sent"}[name]
				known.Counters = append(known.Counters,
					KnownCounter{Name: name, Topic: "traffic", Kind: counterKindNames[grows], Unit: "messages",
						MIB: messageType(g.types, name[:len(name)-1]+"0").mib,
						Doc: "ICMP messages of type N, whose name the row tells, " + direction + "."})
			}
		}
		groups = append(groups, known)
	}
	return groups
}

// KnownGroup is some protocols whose counters mean the same.
type KnownGroup struct {
	Protos   []string
	About    string
	Counters []KnownCounter
}

// KnownCounter is what is known about one.
type KnownCounter struct {
	Name, Topic, Kind, Unit, MIB, Doc string
	Trouble                           bool
}
