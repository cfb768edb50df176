package syntax

// A plan costs time and memory for each of its stages and columns, and a text of MaxLength could ask for thousands.
const (
	maxStages = 200
	maxItems  = 256 // in one stage
)

// checkStages refuses a pipeline that is too long; the last stage is the one that was just read.
func (p *Parser) checkStages(stages []Stage) *Error {
	last := stages[len(stages)-1].Range
	if len(stages)+p.joined > maxStages {
		return tooManyStages(last)
	}
	return nil
}

func tooManyStages(at Range) *Error {
	return Errorf(at, "the query has more than %d stages", maxStages).
		WithHint("select, extend, sort and where take several columns or conditions at once")
}

// tooMany refuses a list of columns, keys or items with more than maxItems; at is the first that is too much.
func tooMany(at Range) *Error {
	return Errorf(at, "a stage takes at most %d columns", maxItems).WithHint("name fewer, or use select *")
}
