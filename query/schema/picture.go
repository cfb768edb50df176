package schema

// Bars says which numbers of rows people see as bars.
type Bars struct {
	Numbers []*Column // one, or two whose bars grow away from each other; among the visible columns
	// Known is a column that is NULL where a row has no bar, because its number would make all others look small; nil
	// where each row has one.
	Known *Column
	Log   bool // bars are as long as the logarithm of the number
	Share bool // what per cent a number is of the sum of all rows is written beside it
}
