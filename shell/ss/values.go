package ss

import (
	"net/netip"
	"time"

	"netql/shell/netstat"
)

// values gives the values of a row as ss writes them.
type values struct{ netstat.Row }

// yes is a flag; false where it is NULL.
func (v values) yes(column string) bool {
	yes, _ := v.Row(column).(bool)
	return yes
}

func (v values) duration(column string) time.Duration {
	d, _ := v.Row(column).(time.Duration)
	return d
}

func (v values) shownState() string {
	state := v.Text("state")
	if shown := shownStates[state]; shown != "" {
		return shown
	}
	return state
}

// inetAddress is an address: of IPv6 in brackets, or * for all of a socket that takes IPv4 as well. A host's name is as
// it is.
func (v values) inetAddress(column string) string {
	six := v.Text("family") == "inet6"
	addr, isAddress := v.Row(column).(netip.Addr)
	if name, ok := v.Row(column).(string); ok {
		var err error
		if addr, err = netip.ParseAddr(name); err != nil {
			return v.Text(column)
		}
		isAddress = true
	}
	switch {
	case !isAddress && !six:
		return "0.0.0.0"
	case !isAddress:
		addr = netip.IPv6Unspecified()
	}
	switch addr = addr.WithZone(""); {
	case !six:
		return addr.String()
	case addr.Is4():
		return "[::ffff:" + addr.String() + "]"
	case addr.IsUnspecified() && !v.yes("v6only"):
		return "*"
	}
	return "[" + addr.String() + "]"
}

// device is the interface that the socket is bound to, behind a %.
func (v values) device() string {
	if v.Row("interface") == nil {
		return ""
	}
	return "%" + v.Text("interface")
}
