package netstat

import (
	"net/netip"
	"strings"
	"time"

	"netql/query/schema"
)

// Row gives the value of a column of a row, by the column's name in the query; nil for NULL.
type Row func(column string) any

// Text is the value as text, in which what a terminal would obey is escaped; "" for NULL.
func (r Row) Text(column string) string { return schema.Visible(schema.Format(r(column))) }

// TextOr is the value as text, with a word for NULL.
func (r Row) TextOr(column, otherwise string) string {
	if r(column) == nil {
		return otherwise
	}
	return r.Text(column)
}

// Number is a number; 0 where it is NULL, as the manuals show it.
func (r Row) Number(column string) int {
	n, _ := r(column).(int)
	return n
}

// seconds is a duration in seconds; 0 where it is NULL.
func (r Row) seconds(column string) float64 {
	d, _ := r(column).(time.Duration)
	return d.Seconds()
}

// prefix is a prefix; the zero one where it is NULL.
func (r Row) prefix(column string) netip.Prefix {
	p, _ := r(column).(netip.Prefix)
	return p
}

// address is an address as text, without its zone: no netstat shows zones.
func (r Row) address(column string) string {
	text, _, _ := strings.Cut(r.Text(column), "%")
	return text
}

// Port is a port as text; * for 0 and NULL.
func (r Row) Port(column string) string {
	if text := r.Text(column); text != "" && text != "0" {
		return text
	}
	return "*"
}

// version6 is the protocol's name, by short where that has another, with a 6 behind it where the socket is of IPv6.
func (r Row) version6(short map[string]string) string {
	name := r.Text("proto")
	if other := short[name]; other != "" {
		name = other
	}
	if r.Text("family") == "inet6" {
		name += "6"
	}
	return name
}
