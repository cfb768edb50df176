package ss

import (
	"net/netip"
	"time"

	"netql/query/schema"
	"netql/shell/netstat"
)

// values gives the values of a row as ss writes them.
type values struct{ row netstat.Row }

func (v values) text(column string) string { return schema.Visible(schema.Format(v.row(column))) }

// number is a number; 0 where it is NULL.
func (v values) number(column string) int {
	n, _ := v.row(column).(int)
	return n
}

// yes is a flag; false where it is NULL.
func (v values) yes(column string) bool {
	yes, _ := v.row(column).(bool)
	return yes
}

func (v values) duration(column string) time.Duration {
	d, _ := v.row(column).(time.Duration)
	return d
}

func (v values) shownState() string {
	state := v.text("state")
	if shown := shownStates[state]; shown != "" {
		return shown
	}
	return state
}

// inetAddress is an address: of IPv6 in brackets, or * for all of a socket that takes IPv4 as well. A host's name is as
// it is.
func (v values) inetAddress(column string) string {
	six := v.text("family") == "inet6"
	addr, isAddress := v.row(column).(netip.Addr)
	if name, ok := v.row(column).(string); ok {
		var err error
		if addr, err = netip.ParseAddr(name); err != nil {
			return v.text(column)
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
	if v.row("interface") == nil {
		return ""
	}
	return "%" + v.text("interface")
}

// port is a port; * where there is none.
func (v values) port(column string) string {
	if text := v.text(column); text != "" && text != "0" {
		return text
	}
	return "*"
}

// textOr is a text, with a word for NULL.
func (v values) textOr(column, otherwise string) string {
	if v.row(column) == nil {
		return otherwise
	}
	return v.text(column)
}
