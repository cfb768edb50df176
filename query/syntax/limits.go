package syntax

// A plan costs time and memory for each of its stages, columns and joins, and a text of MaxLength could ask for thousands.
const (
	maxStages = 200
	maxItems  = 256 // in one stage
	maxJoins  = 10  // each keeps a table in memory
)

// checkStages refuses a pipeline that is too long; the last stage is the one that was just read.
func checkStages(stages []Stage) *Error {
	last := stages[len(stages)-1].Span()
	if len(stages) > maxStages {
		return Errorf(last, "the query has more than %d stages", maxStages).WithHint("select, extend, sort and where take several columns or conditions at once")
	}
	joins := 0
	for _, stage := range stages {
		if _, ok := stage.(*Join); ok {
			joins++
		}
	}
	if joins > maxJoins {
		return Errorf(last, "the query joins more than %d tables", maxJoins).WithHint("join fewer, and the rest with the tool that reads the output")
	}
	return nil
}

// tooMany refuses a list of columns, keys or items with more than maxItems; at is the first that is too much.
func tooMany(at Range) *Error {
	return Errorf(at, "a stage takes at most %d columns", maxItems).WithHint("name fewer, or use select *")
}
