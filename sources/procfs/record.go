package procfs

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"

	"netql/sources/multierror"
)

// positions maps the name of a column to the index of its field in a line.
type positions map[string]int

// positionsOf finds the columns in a header, by their names.
func positionsOf(header string) positions {
	columns := positions{}
	for i, name := range strings.Fields(header) {
		columns[name] = i
	}
	return columns
}

// record is a line whose fields are read by the names of their columns. Its error is sticky: read all fields, then look
// at err once.
type record struct {
	columns positions
	fields  []string
	err     error
}

var (
	errNoColumn  = errors.New("there is no such column")
	errNoField   = errors.New("the line ends before it")
	errNoAddress = errors.New("no address")
)

// has says whether the file has the column.
func (r *record) has(name string) bool { _, ok := r.columns[name]; return ok }

func (r *record) fail(name string, err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("%s: %w", name, err)
	}
}

func (r *record) text(name string) string {
	i, ok := r.columns[name]
	switch {
	case !ok:
		r.fail(name, errNoColumn)
	case i >= len(r.fields):
		r.fail(name, errNoField)
	default:
		return r.fields[i]
	}
	return ""
}

// tail is the field of a column and all that follow it. A line that ends before has none.
func (r *record) tail(name string) []string {
	i, ok := r.columns[name]
	if !ok {
		r.fail(name, errNoColumn)
		return nil
	}
	return r.fields[min(i, len(r.fields)):]
}

func (r *record) uint64(name string, base int) uint64 {
	n, err := strconv.ParseUint(r.text(name), base, 64)
	r.fail(name, err)
	return n
}

func (r *record) int(name string) int {
	n, err := strconv.ParseInt(r.text(name), 10, 32)
	r.fail(name, err)
	return int(n)
}

// nativeAddress reads an IPv4 address that the kernel printed as a number of the machine's byte order: 0100007F.
func (r *record) nativeAddress(name string) netip.Addr {
	address, err := hexIP(r.text(name))
	r.fail(name, err)
	return address
}

// plainAddress reads an address in hexadecimal digits in network order, with or without 0x before or colons between
// them: 0xe0000001, ff020000000000000000000000000001, ff02:0000:0000:0000:0000:0000:0000:0001.
func (r *record) plainAddress(name string) netip.Addr {
	b, err := hex.DecodeString(strings.ReplaceAll(strings.TrimPrefix(r.text(name), "0x"), ":", ""))
	address, ok := netip.AddrFromSlice(b)
	if err == nil && !ok {
		err = errNoAddress
	}
	r.fail(name, err)
	return address
}

// parseRecords reads a file that has a record on each line, behind a header that names the columns unless these are
// known. It reads on behind a line that it cannot read, and reports the first.
func parseRecords[T any](r io.Reader, columns positions, rename *strings.Replacer, read func(*record) T) (list []T,
	fault error) {
	for l, err := range lines(r) {
		if err != nil {
			return list, multierror.Join(fault, err)
		}
		if columns == nil {
			columns = positionsOf(rename.Replace(l.text))
			continue
		}
		rec := &record{columns: columns, fields: strings.Fields(l.text)}
		value := read(rec)
		if rec.err == nil {
			list = append(list, value)
		} else if fault == nil {
			fault = l.fault("%w", rec.err)
		}
	}
	return list, fault
}
