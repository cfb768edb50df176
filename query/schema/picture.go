package schema

// Bars says which numbers of rows people see as bars.
type Bars struct {
	Number *Column // among the visible columns
	// Known is a column that is NULL where a row has no bar, because its number would make all others look small; nil
	// where each row has one.
	Known *Column
}
