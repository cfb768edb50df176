package schema

// A ValueChange is a column of a row whose value has changed.
type ValueChange struct {
	Column   *Column
	Old, New any
}
